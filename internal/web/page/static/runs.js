// What the pages of imports do beyond plain links: they say that the server is away, speak the progress from time to
// time, and show what they asked for as a dialog.
(() => {
  const live = (e) => e.detail.elt && (e.detail.elt.id === "live" || e.detail.elt.id === "list");
  const away = (on) => {
    const box = document.getElementById("away");
    if (!box) return;
    const note = box.querySelector(".note");
    if (on && !note) box.append(box.querySelector("template").content.cloneNode(true));
    if (!on && note) note.remove();
  };

  addEventListener("htmx:sendError", (e) => { if (live(e)) away(true); });
  addEventListener("htmx:beforeSwap", (e) => {
    if (!live(e)) return;
    const gone = e.detail.xhr.status >= 500; // it is being started again, or a proxy answers for it
    if (gone) e.detail.shouldSwap = false;
    away(gone);
  });
  // A list is not drawn anew under an open menu, or while somebody reads details.
  addEventListener("htmx:beforeRequest", (e) => { if (live(e) && e.detail.elt.querySelector(":popover-open,details[open]")) e.preventDefault(); });
  addEventListener("htmx:beforeRequest", (e) => { if (!live(e) && e.detail.elt.matches(".btn")) e.detail.elt.setAttribute("aria-busy", "true"); });
  addEventListener("htmx:afterRequest", (e) => { if (!live(e)) e.detail.elt.removeAttribute("aria-busy"); });

  let step = "";
  addEventListener("htmx:afterSettle", (e) => {
    const now = document.getElementById("live"), said = document.getElementById("said");
    if (now && said && now.dataset.step !== step) {
      step = now.dataset.step;
      said.textContent = now.dataset.say;
    }
    if (e.detail.target.id === "dlg") {
      const d = e.detail.target.querySelector("dialog");
      if (d && !d.open) d.showModal();
    }
  });
})();
