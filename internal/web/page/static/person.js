// The page of a contact: what is not saved yet, numbers checked while typed, addresses removed and added.
(() => {
  const form = document.getElementById("person");
  if (!form) return;
  const note = document.getElementById("unsaved");
  let dirty = false;
  const change = () => { dirty = true; if (note) note.hidden = false; };
  form.addEventListener("input", change);
  form.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", (e) => { if (dirty) e.preventDefault(); });
  form.addEventListener("click", (e) => {
    const b = e.target.closest("[data-remove]");
    if (!b) return;
    const li = b.closest("li"), input = li.querySelector("[name='ch.value']");
    input.value = "";
    li.hidden = true;
    const next = document.querySelector(".ch-new input[name='ch.value']");
    if (next) next.focus();
    change();
  });
  let waits = 0;
  form.addEventListener("input", (e) => {
    const t = e.target;
    let key = t.dataset.check;
    const row = t.closest(".ch-new");
    if (row && t.name === "ch.value") key = row.querySelector("select").value;
    const out = key && document.getElementById(t.id + "-e");
    if (!out) return;
    clearTimeout(waits);
    waits = setTimeout(() => {
      const q = new URLSearchParams({ key: key, text: t.value, self: form.dataset.self });
      htmx.ajax("GET", "/contacts/check?" + q, { target: out, swap: "innerHTML" }).then(() => {
        if (out.querySelector(".error-msg")) t.setAttribute("aria-invalid", "true"); else t.removeAttribute("aria-invalid");
      });
    }, 400);
  });
  addEventListener("keydown", (e) => {
    if (e.key === "s" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); form.requestSubmit(); }
  });
})();
