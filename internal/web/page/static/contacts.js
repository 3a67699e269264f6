// The list: picking rows, keys j k x Enter, menus that close by themselves.
(() => {
  const rows = () => [...document.querySelectorAll(".lista tbody tr")];
  const picks = () => [...document.querySelectorAll(".pick-one")];
  const count = () => {
    const all = picks(), n = all.filter((c) => c.checked).length, every = document.getElementById("every"), told = document.getElementById("picked");
    if (every) { every.checked = n > 0 && n === all.length; every.indeterminate = n > 0 && n < all.length; }
    if (told) told.textContent = n === 1 ? told.dataset.one : told.dataset.many.replace("#", n.toLocaleString(document.documentElement.lang));
    if (!n) document.querySelectorAll(".all-of input").forEach((c) => { c.checked = false; });
  };
  addEventListener("change", (e) => {
    if (e.target.id === "every") picks().forEach((c) => { c.checked = e.target.checked; });
    if (e.target.closest(".lista")) count();
  });
  addEventListener("click", (e) => {
    if (e.target.closest("#unpick")) { picks().forEach((c) => { c.checked = false; }); count(); }
    document.querySelectorAll(".drop-menu[open]").forEach((d) => { if (!d.contains(e.target)) d.open = false; });
  });
  addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      const open = document.querySelector(".drop-menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
    }
    if (e.ctrlKey || e.metaKey || e.altKey || document.body.dataset.keys === "off") return;
    if (e.target.closest("input:not([type=checkbox]),textarea,select,dialog,details[open]")) return;
    if (e.key !== "j" && e.key !== "k" && e.key !== "x") return;
    const list = rows(), at = list.indexOf(document.activeElement.closest("tr"));
    if (e.key === "x") {
      const c = at >= 0 && list[at].querySelector(".pick-one");
      if (c) { c.checked = !c.checked; count(); }
      return;
    }
    const to = list[Math.min(Math.max(at + (e.key === "j" ? 1 : -1), 0), list.length - 1)];
    if (to) { e.preventDefault(); to.querySelector("a").focus(); }
  });
})();
