// Keys of the duplicates: j and k go on and back, m merges. They rest while somebody types or chooses with the arrows.
addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.body.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
  if (e.target.closest("input:not([type=radio]):not([type=checkbox]),textarea,select")) return;
  const to = ["j", "k", "m"].includes(e.key) && document.querySelector('#detail [data-key="' + e.key + '"]');
  if (to) { e.preventDefault(); to.click(); }
});
// Sending with Enter from a radio would merge by accident: the button is the only way.
addEventListener("keydown", (e) => { if (e.key === "Enter" && e.target.matches("#detail input[type=radio]")) e.preventDefault(); });
