// The inbox at hand: keys, one place in the list for the Tab key, checked rows that outlive a refresh, the hit in sight.
// All of it also works without: links, forms and checkboxes are the browser's own.
(function () {
  "use strict";
  const all = (selector, from) => [...(from || document).querySelectorAll(selector)];
  const rows = () => all(".threads .thread").filter((row) => row.offsetParent !== null);
  const box = (row) => row.parentElement.querySelector('input[name="thread"]');
  const PLACE = "inbox-place";

  // --- one stop for Tab in the list; arrows, j and k move it ---
  let here = null; // the id of that row: the element itself is replaced when the list refreshes
  function rove() {
    const shown = rows();
    const stop = shown.find((row) => row.id === here) || shown.find((row) => row.hasAttribute("aria-current")) || shown[0];
    shown.forEach((row) => {
      row.tabIndex = row === stop ? 0 : -1;
      if (box(row)) box(row).tabIndex = row.tabIndex;
    });
  }
  function move(step) {
    const shown = rows();
    if (!shown.length) return;
    const focused = document.activeElement.closest && document.activeElement.closest(".thread-row");
    const from = focused ? shown.indexOf(focused.querySelector(".thread")) : shown.findIndex((row) => row.tabIndex === 0) - (step > 0 && !here ? 1 : 0);
    const next = shown[Math.min(shown.length - 1, Math.max(0, from + step))];
    here = next.id;
    rove();
    next.focus();
  }
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest(".thread-row");
    if (row) { here = row.querySelector(".thread").id; rove(); }
  });

  // --- checked rows ---
  const checked = new Set();
  function count() {
    const say = document.querySelector(".bulk-count");
    const number = all('input[name="thread"]:checked').length;
    if (say) say.textContent = !number ? "" : number === 1 ? say.dataset.one : say.dataset.many.replace("#", number);
  }
  function check(input, on) {
    input.checked = on;
    if (on) checked.add(input.value); else checked.delete(input.value);
    count();
  }
  document.addEventListener("change", (event) => { if (event.target.matches('input[name="thread"]')) check(event.target, event.target.checked); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-uncheck]")) all('input[name="thread"]:checked').forEach((input) => check(input, false));
  });
  function again() {
    all('input[name="thread"]').forEach((input) => { if (checked.has(input.value)) input.checked = true; });
    count();
    rove();
  }

  // --- what a key does: to the row under the hand, else to the open conversation ---
  function act(names) {
    const row = document.activeElement.closest(".thread-row");
    const bar = document.getElementById("bulk");
    if (row && bar) {
      const input = row.querySelector('input[name="thread"]');
      if (!all('input[name="thread"]:checked').length) check(input, true);
      const button = names.map((name) => bar.querySelector('button[value="' + name + '"]')).find(Boolean);
      const place = rows().indexOf(row.querySelector(".thread"));
      try { sessionStorage.setItem(PLACE, String(place)); } catch (error) { /* the focus starts at the top */ }
      if (button) bar.requestSubmit(button);
      return;
    }
    const form = names.map((name) => document.querySelector('form[data-act="' + name + '"]')).find(Boolean);
    if (form) form.requestSubmit();
  }
  function toField(field) {
    if (!field || field.offsetParent === null) return false;
    field.focus();
    return true;
  }
  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    x: () => { const row = document.activeElement.closest(".thread-row"); const input = row && row.querySelector("input"); if (input) check(input, !input.checked); },
    e: () => act(["archive", "restore"]),
    u: () => act(["unread"]),
    r: () => toField(document.getElementById("id_body")),
    "/": () => { const field = document.getElementById("thread-search"); if (toField(field)) field.select(); },
    "?": () => document.getElementById("keys").showModal(),
  };
  const typing = (target) => target.closest("textarea, select, [contenteditable], dialog[open]") || (target.matches("input") && target.type !== "checkbox");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (!document.getElementById("keys")) return; // a new text has no list
    const inList = event.target.closest(".threads");
    const key = inList && event.key === "ArrowDown" ? "j" : inList && event.key === "ArrowUp" ? "k" : event.key;
    if (!Object.hasOwn(KEYS, key) || (key === "/" && !toField(document.getElementById("thread-search")))) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the page's own "/" is for the search over everything
    KEYS[key]();
  }, true);

  // --- the hit in sight, the pen at the end of a draft ---
  function show() {
    const hit = document.getElementById("hit");
    if (hit) hit.scrollIntoView({ block: "center" });
    const area = document.getElementById("id_body");
    if (area && area.value) area.setSelectionRange(area.value.length, area.value.length);
    let place = null;
    try { place = sessionStorage.getItem(PLACE); sessionStorage.removeItem(PLACE); } catch (error) { /* not kept */ }
    const shown = rows();
    if (place !== null && shown.length) { here = shown[Math.min(Number(place), shown.length - 1)].id; rove(); document.getElementById(here).focus(); }
  }
  // What was typed in the last moment before leaving is kept too, also while an earlier draft is still on its way.
  let dirty = false, sent = null;
  const typed = () => { const area = document.getElementById("id_body"); return area ? area.value : null; };
  const keeps = (event) => "draft" in (event.detail.elt.dataset || {});
  document.addEventListener("input", (event) => { if (event.target.id === "id_body") dirty = true; });
  document.addEventListener("htmx:beforeRequest", (event) => { if (keeps(event)) sent = typed(); });
  document.addEventListener("htmx:afterRequest", (event) => { if (keeps(event) && event.detail.successful && typed() === sent) dirty = false; });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "composer") dirty = false; });
  window.addEventListener("pagehide", () => {
    const keeper = document.querySelector("[data-draft]");
    const form = keeper && keeper.closest("form");
    if (!form || !dirty || "resting" in form.dataset) return;
    const values = new URLSearchParams({ body: form.elements.body.value, intent: form.elements.intent.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    fetch(keeper.getAttribute("hx-post"), { method: "POST", body: values, keepalive: true }).catch(() => {});
  });

  // --- a picture may be pasted or dropped anywhere in the text's form, and is shown before it goes ---
  const PICTURE = 'input[type="file"][name="picture"]';
  function take(event, files) {
    const form = event.target.closest && event.target.closest("form");
    const field = form && form.querySelector(PICTURE);
    const file = [...files].find((one) => one.type.startsWith("image/"));
    if (!field || !file) return;
    event.preventDefault();
    const one = new DataTransfer();
    one.items.add(file);
    field.files = one.files;
    if (field.closest("details")) field.closest("details").open = true;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.addEventListener("paste", (event) => take(event, event.clipboardData.files));
  document.addEventListener("drop", (event) => take(event, event.dataTransfer.files));
  document.addEventListener("dragover", (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (form && form.querySelector(PICTURE) && [...event.dataTransfer.types].includes("Files")) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches(PICTURE)) return;
    const field = event.target, file = field.files[0];
    all(".preview", field.parentElement).forEach((old) => old.remove());
    if (!file || !file.type.startsWith("image/")) return;
    const reader = new FileReader();
    reader.onload = () => {
      const shown = document.createElement("img");
      shown.className = "preview";
      shown.alt = file.name;
      shown.src = reader.result;
      if (field.files[0] === file) field.after(shown);
    };
    reader.readAsDataURL(file);
  });

  // --- what changed or went since the last look, but is not on this page: further up, never shown, or taken off already ---
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse } = event.detail;
    if (target.id !== "since" || !serverResponse.includes("hx-swap-oob")) return;
    const news = document.createElement("template");
    news.innerHTML = serverResponse;
    all("[hx-swap-oob]", news.content).filter((part) => !document.getElementById(part.id)).forEach((part) => part.remove());
    event.detail.serverResponse = news.innerHTML;
  });

  // A text that only took another state stays as it is: the log is live, and would be read out with all of its words again.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const [bubble, foot] = target.children, [nextBubble, nextFoot] = fragment.firstElementChild?.children || [];
    if (!target.matches(".talk-item") || !nextFoot || bubble.innerHTML !== nextBubble.innerHTML) return;
    event.detail.shouldSwap = false;
    bubble.className = nextBubble.className;
    const was = [...foot.children], now = [...nextFoot.children];
    now.forEach((part, place) => { if (!was[place]) foot.append(part); else if (!part.isEqualNode(was[place])) was[place].replaceWith(part); });
    was.slice(now.length).forEach((part) => part.remove());
  });

  document.addEventListener("htmx:afterSettle", again);
  function start() { again(); show(); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
