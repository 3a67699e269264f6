// The steps of an import: what plain forms cannot do. The grid of the review is walked by keys.
(() => {
  // A typed value is sent with the next choice or button, so that a swap does not take that button away under the hand.
  addEventListener("change", (e) => { if (e.target.closest("[data-quiet]")) e.stopPropagation(); }, true);

  // Enter in a field with a button of its own presses that one.
  addEventListener("keydown", (e) => {
    const id = e.key === "Enter" && e.target.dataset && e.target.dataset.enter;
    if (id) { e.preventDefault(); document.getElementById(id).click(); }
  });

  // What was unfolded stays so when the form is drawn anew.
  let open = [];
  addEventListener("htmx:beforeSwap", (e) => {
    if (e.target.id === "step") open = [...e.target.querySelectorAll("details[id][open]")].map((d) => d.id);
  });
  addEventListener("htmx:afterSwap", () => {
    for (const id of open) { const d = document.getElementById(id); if (d) d.open = true; }
    open = [];
    const faults = document.getElementById("faults");
    if (faults) faults.focus();
    grid();
  });
  // Only now the cells of a row that was drawn anew have their values. What is typed takes the place of all of it.
  addEventListener("htmx:afterSettle", () => {
    const at = document.activeElement;
    if (at && at.matches("input.cell") && editing !== at) { before = at.value; at.select(); }
  });
  addEventListener("click", (e) => {
    const m = document.getElementById("model");
    if (m && m.open && !m.contains(e.target)) m.open = false;
  });

  // One cell of the grid is in the order of tabs; arrows walk, typing or Enter edits, Enter accepts and goes down, Escape
  // restores.
  const cells = (tr) => [...tr.querySelectorAll("input.cell")];
  let editing = null, before = "";
  const grid = () => {
    const t = document.querySelector("[data-grid]");
    if (!t) return;
    const all = t.querySelectorAll("input.cell");
    const now = t.contains(document.activeElement) && document.activeElement.matches("input.cell") ? document.activeElement : t.querySelector(".bad input.cell") || all[0];
    for (const c of all) c.tabIndex = c === now ? 0 : -1;
  };
  const to = (c) => { if (c) { c.focus(); c.select(); } };
  const rowAt = (tr, step) => {
    let n = tr;
    do n = step > 0 ? n.nextElementSibling : n.previousElementSibling; while (n && !n.matches("tr[data-row]"));
    return n;
  };
  const move = (c, rows, cols) => {
    const tr = c.closest("tr"), i = cells(tr).indexOf(c);
    if (cols) return to(cells(tr)[i + cols]);
    const next = rowAt(tr, rows);
    if (next) to(cells(next)[i]);
  };
  const send = (c) => { if (c.value !== before) { before = c.value; c.dispatchEvent(new Event("change", { bubbles: true })); } };

  addEventListener("focusin", (e) => {
    if (!e.target.matches("input.cell")) return;
    editing = null;
    before = e.target.value;
    const t = e.target.closest("[data-grid]");
    if (t) for (const c of t.querySelectorAll("input.cell[tabindex='0']")) c.tabIndex = -1;
    e.target.tabIndex = 0;
  });
  addEventListener("input", (e) => { if (e.target.matches("input.cell")) editing = e.target; });
  addEventListener("change", (e) => {
    if (e.target.matches("input.cell") && e.isTrusted) e.target.value === before ? e.stopPropagation() : (before = e.target.value);
  }, true);
  addEventListener("keydown", (e) => {
    const c = e.target;
    if (!c.matches || !c.matches("input.cell") || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    const on = editing === c;
    switch (e.key) {
      case "ArrowDown": case "ArrowUp":
        e.preventDefault();
        if (on) send(c);
        move(c, e.key === "ArrowDown" ? 1 : -1, 0);
        break;
      case "ArrowLeft": case "ArrowRight":
        if (!on) { e.preventDefault(); move(c, 0, e.key === "ArrowRight" ? 1 : -1); }
        break;
      case "Enter":
        e.preventDefault();
        if (!on && !c.readOnly) { editing = c; c.setSelectionRange(c.value.length, c.value.length); break; }
        send(c);
        editing = null;
        if (rowAt(c.closest("tr"), 1)) move(c, 1, 0); else c.select();
        break;
      case "Escape":
        e.preventDefault();
        if (on) { c.value = before; editing = null; c.select(); } else if (c.value !== c.dataset.file) { c.value = c.dataset.file; send(c); }
        break;
    }
  });
  addEventListener("keypress", (e) => { if (e.key === "Enter" && e.target.matches("input.cell")) e.preventDefault(); });
  addEventListener("click", (e) => {
    const b = e.target.closest("[data-use]");
    if (!b) return;
    e.preventDefault();
    const c = document.getElementById(b.dataset.use);
    c.value = b.dataset.value;
    before = null;
    send(c);
    move(c, 1, 0);
  });
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", grid); else grid();
})();
