"use strict";
// What HTML and htmx cannot do alone. Every page works without this file.
(() => {
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const words = document.body.dataset;
  const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  // Live fragments: rows that are on another page of the list are not for us.
  htmx.defineExtension("only-present", {
    transformResponse(text, xhr) {
      if (xhr) return text;
      const parsed = document.createElement("template");
      parsed.innerHTML = text;
      for (const element of [...parsed.content.children]) if (!document.getElementById(element.id)) element.remove();
      return parsed.innerHTML;
    },
  });

  // A morph must not undo what the user did on the page: ticks, open menus, typed text.
  Idiomorph.defaults.ignoreActiveValue = true;
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) => !(
    (name === "open" && element.matches("details, dialog")) || (name === "checked" && element.matches(".pick, [name=all], [data-select-page]"))
    || (name === "hidden" && element.matches("[data-needs-script]")));

  // Times in the reader's own clock; relative ones move on.
  const language = document.documentElement.lang;
  const clock = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const digits = new Intl.NumberFormat(language, { minimumSignificantDigits: 3, maximumSignificantDigits: 3, useGrouping: false });
  const relative = new Intl.RelativeTimeFormat(language, { style: "short", numeric: "always" });
  const steps = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  function showTimes() {
    for (const time of $$("time[data-relative]")) {
      const moment = new Date(time.dateTime);
      const seconds = Math.round((moment - Date.now()) / 1000);
      const [length, unit] = steps.find(([length]) => Math.abs(seconds) >= length) ?? [1, "second"];
      time.title = clock.format(moment);
      if (Math.abs(seconds) >= 10) time.textContent = relative.format(Math.trunc(seconds / length), unit);
    }
  }
  setInterval(showTimes, 15000);

  // Toasts: good news goes by itself, unless it is being read; bad news stays, and so does the newest way to undo.
  function retire(toast, index, toasts) {
    const newer = toasts.slice(index + 1).some((other) => $("[data-undo]", other));
    if (toast.dataset.timed || !toast.matches(".toast-success, .toast-info") || ($("[data-undo]", toast) && !newer)) return;
    toast.dataset.timed = "yes";
    const leave = () => setTimeout(() => toast.matches(":hover, :focus-within") ? leave() : toast.remove(), 6000);
    leave();
  }
  document.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.successful && detail.elt.matches("[data-undo]")) dismiss(detail.elt.closest(".toast")); });
  function dismiss(toast) {
    const held = toast.contains(document.activeElement);
    toast.remove();
    if (held) $("main").focus();
  }
  function toast(text) {
    const element = document.createElement("div");
    element.className = "toast toast-error";
    element.setAttribute("role", "alert");
    element.append(document.createElement("p"));
    element.firstChild.textContent = text;
    const close = document.createElement("button");
    Object.assign(close, { type: "button", className: "icon-button", textContent: "×", ariaLabel: words.wordClose });
    close.dataset.closeToast = "";
    element.append(close);
    $("#toasts").append(element);
  }
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status !== 401) toast(words.wordFailed); });
  document.addEventListener("htmx:sendError", () => toast(words.wordUnreachable));

  // The socket: a lost one is seen, and the page catches up when it is back.
  let lost = false;
  const connection = $("#connection");
  function showConnection(state) {
    connection.className = `connection${state ? ` is-${state}` : ""}`;
    connection.textContent = state ? connection.dataset[state === "lost" ? "wordLost" : "wordBack"] : "";
  }
  document.addEventListener("htmx:wsClose", (event) => {
    if (event.detail.event.code === 4401) return location.reload();
    lost = true;
    showConnection("lost");
    if (![1006, 1011, 1012, 1013].includes(event.detail.event.code)) setTimeout(() => event.detail.socketWrapper.reconnect(), 2000);
  });
  document.addEventListener("htmx:wsOpen", () => {
    if (!lost) return;
    lost = false;
    showConnection("back");
    setTimeout(() => lost || showConnection(""), 4000);
    if ($("[data-list]")) htmx.ajax("GET", location.href, { target: "[data-list]", swap: "morph" });
  });

  // Ticks: a page of rows, a folder of a preview, and what they come to.
  const files = (branch) => $$("input[name=file]:enabled", branch.closest("details"));
  const size = (bytes) => {
    const step = Math.min(5, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
    return `${step ? digits.format(bytes / 1000 ** step) : bytes} ${["B", "KB", "MB", "GB", "TB", "PB"][step]}`;
  };
  function showTicks() {
    const picks = $$(".pick");
    const page = $("[data-select-page]");
    if (page) page.checked = picks.length > 0 && picks.every((pick) => pick.checked);
    for (const branch of $$("[data-branch]")) {
      const ticked = files(branch).filter((file) => file.checked).length;
      branch.checked = ticked > 0 && ticked === files(branch).length;
      branch.indeterminate = ticked > 0 && !branch.checked;
    }
    const total = $("[data-chosen-count]");
    if (!total) return;
    const all = $$("input[name=file]:enabled");
    const chosen = all.filter((file) => file.checked || file.type === "hidden");
    const bytes = chosen.reduce((sum, file) => sum + Number(file.dataset.size ?? 0), 0);
    total.textContent = total.dataset.word.replace("{chosen}", chosen.length).replace("{all}", all.length).replace("{size}", size(bytes));
  }
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-branch]")) for (const file of files(target)) file.checked = target.checked;
    if (target.matches("[data-select-page]")) for (const pick of $$(".pick")) pick.checked = target.checked;
    if (target.matches("input[type=checkbox]")) showTicks();
    if (target.matches("[name=theme]")) {
      document.cookie = `flasharr_theme=${target.value};path=/;max-age=31536000;samesite=lax`;
      if (target.value === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = target.value;
    }
    if (target.matches("[data-shortcuts-switch]")) localStorage.setItem("shortcuts", target.checked ? "on" : "off");
  });

  // Dialogs and menus
  const dialog = $("#dialog");
  document.addEventListener("htmx:afterSwap", ({ detail }) => { if (detail.target === dialog && !dialog.open) dialog.showModal(); });
  document.addEventListener("flasharr:done", ({ detail }) => {
    if (dialog.open) dialog.close();
    if (detail.unselect) for (const tick of $$(".pick:checked, [name=all]:checked")) tick.checked = false;
    showTicks();
    closeMenus();
  });
  dialog.addEventListener("close", () => { dialog.replaceChildren(); if (document.activeElement === document.body) $("main").focus(); });
  function closeMenus(except) {
    for (const menu of $$(".menu[open]")) if (menu !== except) menu.open = false;
  }
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest(".menu"));
    const hit = (selector) => event.target.closest(selector);
    if (hit("[data-close-toast]")) dismiss(hit(".toast"));
    if (hit("[data-open]")) $(hit("[data-open]").dataset.open).showModal();
    if (hit("[data-close]") && hit("dialog")) { event.preventDefault(); hit("dialog").close(); }
  });

  // Keys
  const row = () => document.activeElement.closest(".row");
  function step(by) {
    const rows = $$(".row");
    const next = rows[row() ? rows.indexOf(row()) + by : 0];
    if (next) $(".pick", next).focus();
  }
  const keys = {
    a: () => $("#add textarea")?.focus(),
    "/": () => $("#q")?.focus(),
    "?": () => $("#shortcuts").showModal(),
    j: () => step(1),
    k: () => step(-1),
    x: () => $(".pick", row())?.click(),
    p: () => $("[data-key=p]", row())?.click(),
    Delete: () => $("[data-key=delete]", row())?.click(),
  };
  // Arrows lead from the search box into the posters, among them, and back.
  const arrows = { ArrowRight: 1, ArrowLeft: -1 };
  function walk(event) {
    const from = event.target.closest(".poster-card a, .search-box #q");
    const links = $$("#results .poster-card a");
    if (!from || !links.length || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const at = links.indexOf(from), top = (link) => link.getBoundingClientRect().top;
    let to;
    if (event.key === "ArrowDown") to = at < 0 ? links[0] : links.find((link) => top(link) > top(from) && link.offsetLeft === from.offsetLeft);
    else if (at < 0) return false;
    else if (event.key === "ArrowUp") to = links.slice(0, at).findLast((link) => top(link) < top(from) && link.offsetLeft === from.offsetLeft) ?? $("#q");
    else to = links[at + arrows[event.key]];
    to?.focus();
    return Boolean(to);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow") && walk(event)) return event.preventDefault();
    if (event.key === "Escape" && $(".menu[open]")) {
      const summary = $(".menu[open] > summary");
      closeMenus();
      return summary.focus();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest("#add")) return event.target.form.requestSubmit();
    if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]") || typing(event.target)) return;
    if (localStorage.getItem("shortcuts") === "off" || !$("#shortcuts") || !Object.hasOwn(keys, event.key)) return;
    if (["x", "p", "Delete"].includes(event.key) && !row()) return;
    event.preventDefault();
    keys[event.key]();
  });

  function ready() {
    for (const element of $$("[data-needs-script], [data-theme-choice], .needs-keyboard")) element.hidden = false;
    $$(".toast").forEach(retire);
    const shortcuts = $("[data-shortcuts-switch]");
    if (shortcuts) shortcuts.checked = localStorage.getItem("shortcuts") !== "off";
    showTimes();
    showTicks();
  }
  for (const name of ["htmx:afterSettle", "htmx:oobAfterSwap", "htmx:wsAfterMessage"]) document.addEventListener(name, ready);
  ready();
})();
