// Keeps a page fresh while its sweep runs: the server says that something changed, the page is read again, and its
// <main> is exchanged. Without script the page stays as it was when it was opened.
const main = () => document.querySelector("main[data-live]");
const shortest = 1000;
let source = null;
let due = false;
let reading = false;
let pause = shortest;

function listen() {
  const url = main()?.dataset.live;
  if (!url || source || document.hidden) return;
  source = new EventSource(url);
  source.addEventListener("summary", refresh);
  source.addEventListener("end", () => { stop(); refresh(); });
  source.onopen = () => main()?.classList.remove("stale");
  // The browser connects again by itself; until then the last numbers stay, paler.
  source.onerror = () => main()?.classList.add("stale");
}

function stop() {
  source?.close();
  source = null;
}

function refresh() {
  due = true;
  if (!reading) read();
}

async function read() {
  reading = true;
  while (due) {
    due = false;
    const began = performance.now();
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.ok) exchange(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The stream's own error marks the page as stale.
    }
    // A page that takes long to make is read less often: a tenth of the time at most goes into reading.
    pause = Math.max(shortest, 9 * (performance.now() - began));
    await new Promise(done => setTimeout(done, pause));
  }
  reading = false;
}

function exchange(fresh) {
  const next = fresh.querySelector("main");
  const now = main();
  if (!next || !now) return;
  // A form that someone is filling in stays until they are done.
  if (now.contains(document.activeElement) && document.activeElement.matches("form input")) return;
  // What a reader has opened, scrolled or focused stays so.
  const details = (root) => [...root.querySelectorAll("details")];
  const open = details(now).map(part => part.open);
  details(next).forEach((part, i) => { part.open = open[i] ?? part.open; });
  const scrolls = [...now.querySelectorAll(".scroll")].map(part => part.scrollTop);
  const focused = now.contains(document.activeElement) ? document.activeElement.id : "";
  now.replaceWith(next);
  [...next.querySelectorAll(".scroll")].forEach((part, i) => { part.scrollTop = scrolls[i] ?? 0; });
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  document.title = fresh.title;
  if (!next.dataset.live) stop();
}

// A hidden tab holds no connection: a browser has six for a host, over all tabs.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return stop();
  if (main()) refresh();
  listen();
});
listen();
