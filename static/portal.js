// The portal's own behaviour, on top of pages that work without it. No framework; every hook is a data attribute.
(function () {
  "use strict";
  const root = document.documentElement;
  const say = (text) => { const live = document.getElementById("live"); if (live) { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 50); } };

  // --- theme: data-theme-choice on buttons ---
  function showTheme() {
    const now = root.dataset.theme || "auto";
    document.querySelectorAll("[data-theme-choice]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now)));
  }
  function chooseTheme(choice) {
    if (choice === "auto") delete root.dataset.theme; else root.dataset.theme = choice;
    try { if (choice === "auto") localStorage.removeItem("theme"); else localStorage.setItem("theme", choice); } catch (error) { /* not kept */ }
    showTheme();
  }

  // --- toasts ---
  function toast(text, kind) {
    const box = document.getElementById("toasts");
    if (!box) return;
    const item = document.createElement("div");
    item.className = "toast toast-" + (kind || "info");
    const words = document.createElement("p");
    words.textContent = text;
    item.append(words);
    box.append(item);
    setTimeout(() => item.remove(), 8000);
  }

  // --- one click is one request: the button rests until the answer is there ---
  function rest(form, resting) {
    form.querySelectorAll("button:not([type=button]), input[type=submit]").forEach((button) => {
      if (resting) button.setAttribute("aria-busy", "true"); else button.removeAttribute("aria-busy");
    });
    if (resting) form.dataset.resting = "1"; else delete form.dataset.resting;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.resting) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    rest(form, true);
    setTimeout(() => rest(form, false), 10000);
  }, true);
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-resting]").forEach((form) => rest(form, false)));

  document.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-theme-choice], [data-dismiss], [data-dialog-open], [data-dialog-close], [data-fill]");
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.removeAttribute("open"); });
    if (!hit) return;
    if (hit.dataset.themeChoice) chooseTheme(hit.dataset.themeChoice);
    else if ("dismiss" in hit.dataset) hit.closest(".toast").remove();
    else if (hit.dataset.dialogOpen) document.getElementById(hit.dataset.dialogOpen).showModal();
    else if ("dialogClose" in hit.dataset) hit.closest("dialog").close();
    else if (hit.dataset.fill) fill(hit);
  });

  // data-fill='{"id_city": "Laval"}' on a button: put these values into these fields
  function fill(button) {
    for (const [id, value] of Object.entries(JSON.parse(button.dataset.fill))) {
      const input = document.getElementById(id);
      if (input) { input.value = value; input.dispatchEvent(new Event("input", { bubbles: true })); }
    }
  }

  // --- keyboard ---
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) { menu.removeAttribute("open"); menu.querySelector("summary").focus(); }
      return;
    }
    if (event.target.matches("textarea[data-enter-sends]") && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (event.target.value.trim()) event.target.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const target = document.querySelector('[data-hotkey="' + CSS.escape(event.key) + '"]');
    if (target) { event.preventDefault(); if (target.matches("a, button")) target.click(); else { target.focus(); target.select && target.select(); } }
  });

  // --- badges and title follow the unread count: any element with data-unread that comes in ---
  let unread = null;
  const plainTitle = document.title.replace(/^\(\d+\) /, "");
  function countUnread() {
    const source = document.querySelector("[data-unread]");
    if (!source) return;
    const count = Number(source.dataset.unread) || 0;
    document.title = (count ? "(" + count + ") " : "") + plainTitle;
    document.querySelectorAll("[data-badge]").forEach((badge) => { badge.textContent = String(count); badge.hidden = !count; });
    if (unread !== null && count > unread && source.dataset.announce) say(source.dataset.announce);
    unread = count;
  }

  // --- conversation: stay at the end unless the person reads further up ---
  function toEnd(force) {
    document.querySelectorAll("[data-scroll-end]").forEach((box) => {
      const near = box.scrollHeight - box.scrollTop - box.clientHeight < 240;
      if (force || near) box.scrollTop = box.scrollHeight;
    });
  }

  // --- htmx: focus stays where the hand is; trouble is told, and nothing typed is lost ---
  let held = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const active = document.activeElement;
    held = active && active.id && event.detail.target.contains(active) ? { id: active.id, from: active.selectionStart, to: active.selectionEnd } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (held) {
      const again = document.getElementById(held.id);
      if (again && document.activeElement !== again) { again.focus({ preventScroll: true }); try { again.setSelectionRange(held.from, held.to); } catch (error) { /* not a text field */ } }
      held = null;
    }
    const bad = document.querySelector(".field-bad input, .field-bad select, .field-bad textarea");
    if (bad && !bad.dataset.shown) { bad.dataset.shown = "1"; bad.focus(); }
    countUnread();
    toEnd(false);
    showTheme();
  });
  document.addEventListener("htmx:afterRequest", (event) => { const form = event.detail.elt.closest && event.detail.elt.closest("form"); if (form) rest(form, false); });
  let told = 0;
  function tell(text, event) {
    const polled = /every/.test((event.detail.elt && event.detail.elt.getAttribute && event.detail.elt.getAttribute("hx-trigger")) || "");
    if (polled && Date.now() - told < 60000) return;
    told = Date.now();
    toast(text, "error");
    say(text);
  }
  document.addEventListener("htmx:sendError", (event) => tell(document.body.dataset.lost, event));
  document.addEventListener("htmx:timeout", (event) => tell(document.body.dataset.lost, event));
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status !== 401) tell(document.body.dataset.broken, event); });

  function start() {
    showTheme();
    countUnread();
    toEnd(true);
    const bad = document.querySelector(".error-summary") || document.querySelector(".field-bad input, .field-bad select, .field-bad textarea");
    if (bad) { if (bad.matches(".error-summary")) bad.setAttribute("tabindex", "-1"); bad.focus(); }
    setTimeout(() => document.querySelectorAll(".toast:not(.toast-error)").forEach((item) => item.remove()), 8000);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
