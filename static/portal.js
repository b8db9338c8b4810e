// The portal's own behaviour, on top of pages that work without it. No framework; every hook is a data attribute.
(function () {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from) => (from || document).querySelectorAll(selector);
  const words = () => document.body.dataset;

  // --- said aloud, shown in a corner ---
  function say(text) {
    const live = document.getElementById("live");
    if (!live) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 50);
  }
  function toast(text, tone) {
    const box = document.getElementById("toasts");
    if (!box || !text) return;
    const item = document.createElement("div");
    const line = document.createElement("p");
    const close = document.createElement("button");
    item.className = "toast toast-" + (tone || "info");
    line.textContent = text;
    Object.assign(close, { type: "button", className: "icon-button", textContent: "×" });
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", words().dismiss);
    item.append(line, close);
    box.append(item);
    fade(item);
    return item;
  }
  // Errors stay until they are dismissed; while the pointer or the focus is on a toast, it stays too.
  function fade(item) {
    if (item.matches(".toast-error, .toast-failed")) return;
    setTimeout(() => (item.matches(":hover, :focus-within") ? fade(item) : item.remove()), 8000);
  }
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.tone));

  // --- theme: data-theme-choice on buttons ---
  function showTheme() {
    const now = root.dataset.theme || "auto";
    all("[data-theme-choice]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now)));
  }
  function chooseTheme(choice) {
    if (choice === "auto") delete root.dataset.theme; else root.dataset.theme = choice;
    try { if (choice === "auto") localStorage.removeItem("theme"); else localStorage.setItem("theme", choice); } catch (error) { /* not kept */ }
    showTheme();
  }

  // --- one click is one request: a posted form rests until it is answered. aria-busy, not disabled: the focus stays. ---
  function rest(form, resting) {
    all("button:not([type=button]), input[type=submit]", form).forEach((button) => {
      if (resting) button.setAttribute("aria-busy", "true"); else button.removeAttribute("aria-busy");
    });
    if (resting) form.dataset.resting = ""; else delete form.dataset.resting;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "noLock" in form.dataset) return;
    if ("resting" in form.dataset) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    rest(form, true);
    setTimeout(() => rest(form, false), 10000); // a download leaves the page where it is
  }, true);
  window.addEventListener("pageshow", () => all("form[data-resting]").forEach((form) => rest(form, false)));

  // --- clicks ---
  const CLICKS = {
    themeChoice: (hit) => chooseTheme(hit.dataset.themeChoice),
    dismiss: (hit) => hit.closest(".toast, .banner").remove(),
    dialogOpen: (hit) => document.getElementById(hit.dataset.dialogOpen).showModal(),
    dialogClose: (hit) => hit.closest("dialog").close(),
    fill: fill,
    insert: insert,
    copy: (hit) => navigator.clipboard.writeText(hit.dataset.copy).then(() => toast(words().copied, "fine")),
    print: () => window.print(),
  };
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.removeAttribute("open"); });
    if (event.target.matches("dialog")) event.target.close(); // the veil around it
    for (const [name, act] of Object.entries(CLICKS)) {
      const hit = event.target.closest("[data-" + name.replace(/[A-Z]/g, "-$&").toLowerCase() + "]");
      if (hit && hit !== document.body) act(hit);
    }
  });
  // data-fill='{"id_city": "Laval"}' on a button: put these values into these fields
  function fill(button) {
    for (const [id, value] of Object.entries(JSON.parse(button.dataset.fill))) {
      const input = document.getElementById(id);
      if (input) { input.value = value; input.dispatchEvent(new Event("input", { bubbles: true })); }
    }
  }

  // data-insert="id_body" data-text="…" on a button: put the text where the cursor is
  function insert(button) {
    const area = document.getElementById(button.dataset.insert);
    if (!area) return;
    area.setRangeText(button.dataset.text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    button.closest("details")?.removeAttribute("open");
    area.focus();
  }

  // --- what is typed ---
  document.addEventListener("input", (event) => {
    const input = event.target;
    if (input.matches("textarea[data-grow], textarea[data-enter-sends]")) grow(input);
    if ("confirmWord" in input.dataset) confirmWord(input);
  });
  document.addEventListener("change", (event) => { if ("submitOnChange" in event.target.dataset) event.target.form.requestSubmit(); });
  function grow(area) {
    if (CSS.supports("field-sizing", "content")) return;
    area.style.blockSize = "auto"; // through the object model: the content policy forbids style attributes, not this
    area.style.blockSize = area.scrollHeight + 2 + "px";
  }
  // data-confirm-word="514 555-0134": the form's button with data-confirm-button works once exactly this is typed
  function confirmWord(input) {
    const same = input.value.replace(/\s/g, " ").trim() === input.dataset.confirmWord.replace(/\s/g, " ");
    all("[data-confirm-button]", input.form).forEach((button) => { button.disabled = !same; });
  }

  // --- keyboard ---
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) { menu.removeAttribute("open"); menu.querySelector("summary").focus(); }
      return;
    }
    if (target.matches("textarea[data-enter-sends]") && event.key === "Enter" && !event.isComposing) {
      const control = event.ctrlKey || event.metaKey;
      if (event.shiftKey || (target.dataset.enterSends === "ctrl" && !control)) return;
      event.preventDefault();
      if (target.value.trim()) target.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    const hot = document.querySelector('[data-hotkey="' + CSS.escape(event.key) + '"]');
    if (!hot) return;
    event.preventDefault();
    if (hot.matches("a, button")) hot.click(); else { hot.focus(); hot.select(); }
  });

  // --- badges and title follow the unread count: any element with data-unread that comes in ---
  let unread = null;
  const plainTitle = document.title.replace(/^\(\d+\) /, "");
  function countUnread() {
    const source = document.querySelector("[data-unread]");
    if (!source) return;
    const count = Number(source.dataset.unread) || 0;
    document.title = (count ? "(" + count + ") " : "") + plainTitle;
    all("[data-badge]").forEach((badge) => { badge.textContent = String(count); badge.hidden = !count; });
    if (unread !== null && count > unread && source.dataset.announce) say(source.dataset.announce);
    unread = count;
  }

  // --- conversation: stay at the end unless the person reads further up ---
  let atEnd = true;
  function toEnd(force) {
    all("[data-scroll-end]").forEach((box) => { if (force || atEnd) box.scrollTop = box.scrollHeight; });
  }
  const isAtEnd = () => [...all("[data-scroll-end]")].every((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 160);
  document.addEventListener("scroll", (event) => { if (event.target.dataset && "scrollEnd" in event.target.dataset) atEnd = isAtEnd(); }, true);
  const resized = new ResizeObserver(() => toEnd(false)); // a keyboard that comes up, a composer that grows

  // --- what a swap changes is told once: a live region that is replaced as a whole says nothing by itself ---
  const NEWS = "[data-news], [role=status], [aria-live]";
  const news = (element) => [...(element.matches(NEWS) ? [element] : element.querySelectorAll(NEWS))].filter((one) => one.getClientRects().length).map((one) => one.innerText.replace(/\s+/g, " ").trim()).find(Boolean) || "";
  let swapped = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, shouldSwap } = event.detail;
    if (shouldSwap && target.id) swapped = { id: target.id, said: news(target) };
  });
  document.addEventListener("htmx:afterSettle", () => {
    const now = swapped && document.getElementById(swapped.id), text = now ? news(now) : "";
    if (text && text !== swapped.said) say(text.slice(0, 200));
    swapped = null;
  });

  // --- htmx: focus stays where the hand is ---
  const polls = (element) => /every/.test((element && element.getAttribute && element.getAttribute("hx-trigger")) || "");
  let held = null;
  function hold(target, polled) {
    const active = document.activeElement;
    if (!active || active === document.body || !target.contains(active)) return;
    const mine = held = { id: active.id, name: active.name, within: target.id, polled, around: target.parentElement, before: target.previousElementSibling, after: target.nextElementSibling };
    setTimeout(() => { if (held === mine && !target.isConnected) { held = null; giveBack(mine); } }, 80); // what is only deleted never settles
    try { Object.assign(held, { from: active.selectionStart, to: active.selectionEnd }); } catch (error) { /* not a text field */ }
  }
  document.addEventListener("htmx:beforeSwap", (event) => hold(event.detail.target, polls(event.detail.elt)));
  document.addEventListener("htmx:oobBeforeSwap", (event) => hold(event.detail.target, false));
  document.addEventListener("htmx:afterSettle", () => {
    if (held) giveBack(held);
    held = null;
    all("dialog[data-open]").forEach((dialog) => { if (!dialog.open) dialog.showModal(); });
    look();
    toEnd(false);
  });
  function giveBack(was) {
    if (document.activeElement && document.activeElement !== document.body) return; // htmx did it, or the page chose
    const place = (was.within && document.getElementById(was.within)) || document;
    const again = (was.id && document.getElementById(was.id)) || (was.name && place.querySelector('[name="' + CSS.escape(was.name) + '"]'));
    const next = again || firstTrouble(place) || (!was.polled && (place.querySelector("[data-focus]") || heading(place) || instead(was)));
    if (!next) return;
    next.focus({ preventScroll: next === again });
    try { if (next === again) next.setSelectionRange(was.from, was.to); } catch (error) { /* not a text field */ }
  }
  // Where the pressed button is gone: the part that took its place, so that Tab goes on from there.
  function heading(place) {
    const title = place !== document && place.querySelector("h1, h2, h3");
    if (title) title.setAttribute("tabindex", "-1");
    return title;
  }
  // No heading either: what stands where the swapped part stood, such as the first of more rows; where it went for good, what is around it.
  const REACHED = "a[href], button, summary, select, textarea, input:not([type=hidden], [type=checkbox]), [tabindex='0']";
  const reach = (part) => part && [part, ...part.querySelectorAll(REACHED)].find((one) => one.matches(REACHED) && one.offsetParent !== null);
  function instead(was) {
    const came = was.before ? was.before.nextElementSibling : was.around.firstElementChild;
    return (came !== was.after && reach(came)) || reach(was.around);
  }
  const firstTrouble = (place) => place.querySelector('.error-summary, [data-focus][role="alert"], [aria-invalid="true"]');
  function showTrouble() {
    const bad = firstTrouble(document);
    if (!bad || "shown" in bad.dataset) return;
    bad.dataset.shown = "";
    if (!bad.matches("input, select, textarea")) bad.setAttribute("tabindex", "-1");
    bad.focus();
  }

  // --- htmx: trouble is told, and nothing typed is lost ---
  let busy = 0, lost = null;
  document.addEventListener("htmx:beforeRequest", (event) => { if (!polls(event.detail.elt)) { busy += 1; root.dataset.busy = ""; } });
  document.addEventListener("htmx:afterRequest", (event) => {
    const element = event.detail.elt;
    if (!polls(element)) { busy = Math.max(0, busy - 1); if (!busy) delete root.dataset.busy; }
    const form = element.closest && element.closest("form");
    if (form && !polls(element)) rest(form, false);
    if (lost && event.detail.xhr.status) { lost.remove(); lost = null; toast(words().back, "fine"); }
  });
  function unanswered() {
    if (lost) return; // said once, until the portal is back
    lost = toast(words().lost, "error");
    say(words().lost);
  }
  document.addEventListener("htmx:sendError", unanswered);
  document.addEventListener("htmx:timeout", unanswered);
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401 || polls(event.detail.elt)) return; // 401 moves the page; a poll comes again by itself
    const held = event.detail.xhr.getResponseHeader("X-Why") === "suspended";
    const text = { 403: held ? words().held : words().forbidden, 404: words().gone, 410: words().gone, 429: words().often }[status] || words().broken;
    toast(text, "error");
    say(text);
  });

  // --- what is typed outlives the session: kept in this tab until the same person is back on the same page ---
  const TYPED = "typed";
  const FIELDS = 'textarea[id], input[id]:is(:not([type]), [type="text"], [type="tel"], [type="email"], [type="url"], [type="number"], [type="date"], [type="time"])';
  const stored = () => { try { return JSON.parse(sessionStorage.getItem(TYPED)); } catch (error) { return null; } };
  function store(entry) {
    try { if (entry) sessionStorage.setItem(TYPED, JSON.stringify(entry)); else sessionStorage.removeItem(TYPED); } catch (error) { /* not kept */ }
  }
  function keepTyped(submitted) {
    const values = {};
    all(FIELDS).forEach((field) => {
      if (field.closest('form[method="post"]') && field.value.trim() && field.value !== field.defaultValue && field.autocomplete !== "one-time-code") values[field.id] = field.value;
    });
    if (words().who && Object.keys(values).length) store({ who: words().who, path: location.pathname, at: Date.now(), submitted, values });
  }
  function bringBackTyped() {
    const entry = stored();
    if (!entry) return;
    if (!words().who) { store({ ...entry, asked: true }); return; } // the sign-in page
    if (entry.who !== words().who || Date.now() - entry.at > 12 * 3600e3 || (entry.submitted && !entry.asked)) { store(null); return; }
    if (entry.path !== location.pathname) return;
    store(null);
    const back = Object.entries(entry.values).filter(([id, value]) => {
      const field = document.getElementById(id);
      if (!field || !field.matches(FIELDS) || (field.value.trim() && field.value !== field.defaultValue)) return false;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      return true;
    });
    if (back.length) toast(words().typed, "info");
  }
  document.addEventListener("htmx:beforeOnLoad", (event) => { if (event.detail.xhr.status === 401) keepTyped(false); });
  window.addEventListener("submit", (event) => { if (!event.defaultPrevented && event.target.method === "post") keepTyped(true); });

  function look() {
    showTheme();
    countUnread();
    showTrouble();
    all("[data-confirm-word]").forEach(confirmWord);
    all("[data-scroll-end]").forEach((box) => resized.observe(box));
  }
  // On a phone the chosen one of many tabs may stand outside of what is seen.
  function showChosen() {
    all(":is(.tabs, .segmented) > [aria-current]").forEach((tab) => {
      const bar = tab.parentElement;
      if (tab.offsetLeft - bar.offsetLeft + tab.offsetWidth > bar.clientWidth) bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - 24;
    });
  }
  function start() {
    bringBackTyped();
    look();
    toEnd(true);
    showChosen();
    all(".toast").forEach(fade);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
