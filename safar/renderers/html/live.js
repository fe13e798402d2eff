
function renewed(places) {
  const read = text => new DOMParser().parseFromString(text, "text/html").body;
  const put = (place, fresh) => place.replaceChildren(...fresh.childNodes);
  function drawn(text) {
    const fresh = read(text), map = places.map.querySelector(".map"), next = fresh.querySelector(".map");
    if (map && next) map.renew(next.querySelector(".view > svg"));
    else {
      put(places.map, fresh);
      places.map.querySelectorAll(".map").forEach(zoomable);
    }
  }
  function mark() {
    for (const old of places.map.querySelectorAll(".found")) old.classList.remove("found", "error");
    for (const link of places.findings.querySelectorAll("a.show")) {
      const box = document.getElementById(link.getAttribute("href").slice(1));
      if (box) box.classList.add("found", ...(link.closest("li.error") ? ["error"] : []));
    }
  }
  places.findings.addEventListener("click", event => {
    const link = event.target.closest("a.show"), map = places.map.querySelector(".map");
    const box = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!link) return;
    event.preventDefault();
    if (!box || !map) return;
    for (const old of places.map.querySelectorAll(".revealed")) old.classList.remove("revealed");
    box.classList.add("revealed");
    map.reveal(box);
  });
  mark();
  return parts => {
    if (parts.title !== undefined) document.title = parts.title;
    if (parts.head !== undefined) put(places.head, read(parts.head));
    if (parts.findings !== undefined) {
      const at = places.findings.scrollTop;
      put(places.findings, read(parts.findings));
      places.findings.scrollTop = at;
    }
    if (parts.map !== undefined) drawn(parts.map);
    mark();
    document.documentElement.dataset.version = Number(document.documentElement.dataset.version || 0) + 1;
  };
}

{
  const places = Object.fromEntries(["head", "map", "findings"].map(id => [id, document.getElementById(id)]));
  const renew = renewed(places);
  const ended = yes => {
    document.documentElement.classList.toggle("stale", yes);
    document.getElementById("ended").hidden = !yes;
  };
  const news = new EventSource(`events${location.search}`);
  news.onmessage = message => {
    ended(false);
    renew(JSON.parse(message.data));
  };
  news.onerror = () => {
    ended(true);
  };
  addEventListener("pagehide", () => news.close());
}
