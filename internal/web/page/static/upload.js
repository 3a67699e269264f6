// Files go up piece by piece by the tus protocol, so that a lost connection costs nothing: after it, or after the page was
// loaded anew, the upload goes on where it stopped. A file dropped anywhere on a page with this script starts an import.
(() => {
  const piece = 8 << 20;
  const form = () => document.getElementById("up");
  const el = (id) => document.getElementById(id);
  const key = (f) => "upload:" + [f.name, f.size, f.lastModified].join(":");
  const memory = { // a browser that keeps nothing begins anew
    get: (k) => { try { return localStorage.getItem(k); } catch { return null; } },
    set: (k, v) => { try { v ? localStorage.setItem(k, v) : localStorage.removeItem(k); } catch { /* not kept */ } },
  };
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const base64 = (s) => btoa(String.fromCharCode(...new TextEncoder().encode(s)));

  const say = (text, lost) => { const n = el("upnote"); if (n) { n.textContent = text; n.classList.toggle("harm", !!lost); } };
  const show = (done, total) => {
    const pct = total ? Math.floor(done * 100 / total) : 0;
    if (el("upbar")) el("upbar").value = pct;
    if (el("uppct")) el("uppct").textContent = pct + " %";
  };
  const refuse = (text) => {
    const r = el("refusal");
    el("upstate").hidden = true;
    if (el("drop")) el("drop").hidden = false;
    const note = document.createElement("div");
    note.className = "note err";
    note.setAttribute("role", "alert");
    note.textContent = text;
    r.replaceChildren(note);
    if (el("file")) { el("file").value = ""; el("file").focus(); }
  };

  // One request; progress tells of bytes that left.
  const ask = (method, url, headers, body, progress) => new Promise((done, failed) => {
    const x = new XMLHttpRequest();
    x.open(method, url);
    for (const h in headers) x.setRequestHeader(h, headers[h]);
    if (progress) x.upload.onprogress = (e) => progress(e.loaded);
    x.onload = () => done(x);
    x.onerror = x.ontimeout = x.onabort = () => failed(new Error("lost"));
    x.send(body);
  });
  const tus = { "Tus-Resumable": "1.0.0" };

  // Refused is what no retry cures.
  class Refused extends Error {}
  const told = (x) => { try { const p = JSON.parse(x.responseText); return p.detail || p.title; } catch { return ""; } };
  const check = (x) => {
    if (x.status >= 200 && x.status < 300) return x;
    if (x.status === 404 || x.status === 410 || x.status === 409 || x.status === 423 || x.status >= 500) throw new Error("again");
    throw new Refused(told(x));
  };

  const begin = async (f, at) => {
    const x = check(await ask("POST", at, { ...tus, "Upload-Length": f.size, "Upload-Metadata": "filename " + base64(f.name) }));
    const url = x.getResponseHeader("Location");
    memory.set(key(f), url);
    return url;
  };
  const offset = async (url) => {
    const x = await ask("HEAD", url, tus);
    if (x.status === 404 || x.status === 410 || x.status === 403) return -1;
    return +check(x).getResponseHeader("Upload-Offset");
  };

  // The whole way of one file; gives the page of its import.
  const send = async (f, at) => {
    let url = memory.get(key(f)), done = -1, tries = 0;
    for (;;) {
      try {
        if (url && done < 0 && (done = await offset(url)) < 0) { url = ""; memory.set(key(f), ""); }
        if (!url) { url = await begin(f, at); done = 0; }
        say(form().dataset.going);
        for (;;) {
          const from = done;
          show(from, f.size);
          const x = check(await ask("PATCH", url, { ...tus, "Upload-Offset": from, "Content-Type": "application/offset+octet-stream" }, f.slice(from, from + piece), (n) => show(from + n, f.size)));
          done = +x.getResponseHeader("Upload-Offset");
          tries = 0;
          if (done >= f.size) {
            memory.set(key(f), "");
            return "/imports/" + x.getResponseHeader("Import-Id") + "/file";
          }
        }
      } catch (e) {
        if (e instanceof Refused || tries > 60) { memory.set(key(f), ""); throw e; }
        done = -1;
        say(form().dataset.lost, true);
        await wait(Math.min(15000, 500 * 2 ** Math.min(tries++, 5)));
      }
    }
  };

  // A form in one piece, where settings of an earlier import are taken over.
  const post = async (f, action) => {
    const data = new FormData();
    data.append("file", f);
    const x = await ask("POST", action, { "HX-Request": "true" }, data, (n) => show(n, f.size));
    const to = x.getResponseHeader("HX-Redirect");
    if (!to) { const d = document.createElement("div"); d.innerHTML = x.responseText; throw new Refused(d.textContent.trim()); }
    return to;
  };

  let busy = false;
  const take = async (f) => {
    const u = form();
    if (!u || !f || busy) return;
    if (el("upfloat")) el("upfloat").hidden = false;
    if (u.dataset.max && f.size > +u.dataset.max) return refuse(u.dataset.big);
    busy = true;
    el("refusal").replaceChildren();
    if (el("drop")) el("drop").hidden = true;
    el("upstate").hidden = false;
    el("upname").textContent = f.name;
    show(0, f.size);
    try {
      const to = u.dataset.resume ? await send(f, u.dataset.resume) : await post(f, u.action);
      show(1, 1);
      say(u.dataset.reading);
      location.assign(to);
    } catch (e) {
      busy = false;
      refuse((e instanceof Refused && e.message) || u.dataset.refused);
    }
  };

  addEventListener("change", (e) => { if (e.target.id === "file") take(e.target.files[0]); });

  // Dropping: a veil says what will happen; the drop zone itself needs none.
  let depth = 0;
  const files = (e) => e.dataTransfer && [...e.dataTransfer.types].includes("Files");
  const veil = (on) => {
    const v = el("drop-veil"), d = el("drop");
    if (v) v.hidden = !on;
    if (d) d.classList.toggle("over", on);
  };
  addEventListener("dragenter", (e) => { if (files(e)) { e.preventDefault(); if (depth++ === 0) veil(true); } });
  addEventListener("dragleave", (e) => { if (files(e) && --depth <= 0) { depth = 0; veil(false); } });
  addEventListener("dragover", (e) => { if (files(e)) e.preventDefault(); });
  addEventListener("drop", (e) => {
    if (!files(e)) return;
    e.preventDefault();
    depth = 0;
    veil(false);
    take(e.dataTransfer.files[0]);
  });
})();
