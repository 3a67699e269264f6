// What every page does beyond plain links and forms. Everything here has a way without it.
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  // The theme is a cookie, so that the server sends the next page in the right colours.
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const toggleTheme = () => {
    root.dataset.theme = dark() ? "light" : "dark";
    document.cookie = "theme=" + root.dataset.theme + ";path=/;max-age=31536000;samesite=lax" + (location.protocol === "https:" ? ";secure" : "");
  };

  addEventListener("click", (e) => {
    const t = e.target.closest("[data-open],[data-close],[data-dismiss],[data-theme-toggle],[data-copy]");
    if (!t) return;
    if (t.dataset.open) {
      const d = document.getElementById(t.dataset.open);
      if (d && d.showModal) { e.preventDefault(); d.showModal(); }
    } else if ("close" in t.dataset) {
      const d = t.closest("dialog");
      if (d) { e.preventDefault(); d.close(); }
    } else if ("dismiss" in t.dataset) {
      t.closest(".toast,.note").remove();
    } else if ("themeToggle" in t.dataset) {
      toggleTheme();
    } else if (t.dataset.copy) {
      const from = document.getElementById(t.dataset.copy);
      navigator.clipboard.writeText(from.value || from.textContent.trim()).then(() => { t.textContent = t.dataset.done || t.textContent; });
    }
  });

  // Forms marked so are sent as soon as a choice is made; without this script their button is there.
  addEventListener("change", (e) => {
    const f = e.target.form;
    if (f && "auto" in f.dataset && !e.target.closest("[data-manual]")) f.requestSubmit();
  });

  const toasts = document.getElementById("toasts");
  const forget = (t) => setTimeout(() => t.remove(), 8000);
  if (toasts) {
    toasts.querySelectorAll(".toast").forEach(forget);
    new MutationObserver((list) => list.forEach((m) => m.addedNodes.forEach((n) => { if (n.nodeType === 1) forget(n); })))
      .observe(toasts, { childList: true });
  }

  const ready = () => {
    const faults = document.getElementById("faults");
    if (faults) faults.focus();
    const d = document.querySelector("dialog[data-auto]");
    if (d && d.showModal && !d.open) d.showModal();
    const tab = document.querySelector(".tabs [aria-current]");
    if (tab) tab.parentNode.scrollLeft = tab.offsetLeft - tab.parentNode.offsetLeft - (tab.parentNode.clientWidth - tab.offsetWidth) / 2;
    for (const c of document.querySelectorAll("[data-mixed]")) c.indeterminate = true;
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", ready); else ready();

  // Single keys rest while somebody types, and when they were turned off on the account page.
  const typing = (el) => el.closest("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable]");
  addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      const main = document.querySelector("dialog[open] .btn.pri, .foot .btn.pri, .head .btn.pri, main .btn.pri");
      if (main) { e.preventDefault(); main.click(); }
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || document.querySelector("dialog[open]")) return;
    if (document.body.dataset.keys === "off") return;
    if (e.key === "/") {
      const q = document.getElementById("q");
      e.preventDefault();
      if (q) { q.focus(); q.select(); } else location.href = "/contacts#q";
    } else if (e.key === "i") {
      const a = document.querySelector('a[href="/imports/new"]');
      if (a) a.click();
    } else if (e.key === "n") {
      const b = document.querySelector("[data-key=n]");
      if (b) { e.preventDefault(); b.click(); }
    }
  });
})();
