// Says how many characters are left in a text that has a limit. The sentence comes from the page: data-count="Characters left: {n}".
(() => {
  const counter = (area) => {
    let note = area.parentElement.querySelector("[data-counter]");
    if (!note) {
      note = document.createElement("p");
      note.className = "hint";
      note.dataset.counter = "";
      area.after(note);
    }
    return note;
  };
  const count = (area) => {
    counter(area).textContent = area.dataset.count.replace("{n}", area.maxLength - area.value.length);
  };
  const countAll = () => document.querySelectorAll("textarea[data-count]").forEach(count);
  document.addEventListener("input", (event) => event.target.matches("textarea[data-count]") && count(event.target));
  document.addEventListener("htmx:afterSettle", countAll);
  countAll();
})();

// The form of one number's calls above the list: it says whose it is, and a number typed into it switches forwarding on.
(() => {
  document.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-quick]");
    if (hit) document.getElementById("number_quick_title").textContent = hit.dataset.quick;
  });
  document.addEventListener("input", (event) => {
    if (event.target.name !== "forward_to" || !event.target.value) return;
    const box = event.target.form.elements.forwarding;
    if (box && !box.checked) box.checked = true;
  });
})();

// One box ticks all of a page.
document.addEventListener("change", (event) => {
  const name = event.target.dataset.tickAll;
  if (!name) return;
  document.querySelectorAll(`input[name="${CSS.escape(name)}"]`).forEach((box) => { box.checked = event.target.checked; });
});
