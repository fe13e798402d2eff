
"use strict";
document.documentElement.classList.add("scripted");
const MOST = 8, STEP = 1.3, CLEAREST = 4 / 3, SMALLEST = 0.8;

function zoomable(map) {
  const view = map.querySelector(".view");
  const area = drawing => drawing.getAttribute("viewBox").split(" ").map(Number);
  let svg = view.querySelector("svg");
  let [left, top, width, height] = area(svg);
  let scale = 1, x = 0, y = 0;
  const fingers = new Map();
  let moved = false, touched = false;

  const whole = () => Math.min(view.clientWidth / width, view.clientHeight / height);
  function show() {
    const [w, h] = [view.clientWidth / scale, view.clientHeight / scale];
    const within = (at, start, size, room) =>
      room >= size ? start + (size - room) / 2 : Math.min(Math.max(at, start), start + size - room);
    x = within(x, left, width, w);
    y = within(y, top, height, h);
    svg.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
  }
  function zoom(factor, clientX, clientY) {
    const area = view.getBoundingClientRect();
    const [px, py] = [(clientX ?? area.left + area.width / 2) - area.left, (clientY ?? area.top + area.height / 2) - area.top];
    const next = Math.min(Math.max(scale * factor, Math.min(whole(), SMALLEST)), MOST);
    x += px / scale - px / next;
    y += py / scale - py / next;
    scale = next;
    touched = true;
    show();
  }
  function fit() {
    touched = true;
    scale = Math.min(whole(), CLEAREST);
    show();
  }
  function begin() {
    scale = Math.min(Math.max(view.clientWidth / width, SMALLEST), CLEAREST);
    [x, y] = [document.dir === "rtl" ? left + width : left, top];
    show();
    const first = svg.querySelector(".box.start");
    if (!first) return;
    x += (middle(first)[0] - middle(view)[0]) / scale;
    show();
  }
  const move = (dx, dy) => { touched = true; x -= dx / scale; y -= dy / scale; show(); };

  const middle = element => {
    const box = element.getBoundingClientRect();
    return [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  };
  function named(drawing) {
    const found = new Map();
    for (const title of drawing.querySelectorAll("g > title, a > title"))
      found.set(title.textContent, found.has(title.textContent) ? null : title.parentElement);
    return found;
  }
  // Another drawing in its place: what stood in the middle stays there, unless nobody has moved the map yet.
  map.renew = next => {
    const [cx, cy] = middle(view), after = named(next);
    let nearest = null, least = Infinity;
    for (const [title, element] of named(svg)) {
      if (!element || !after.get(title)) continue;
      const [ex, ey] = middle(element), far = Math.hypot(ex - cx, ey - cy);
      if (far < least) [nearest, least] = [{ title, ex, ey }, far];
    }
    svg.replaceWith(next);
    svg = next;
    [left, top, width, height] = area(svg);
    if (!touched) return begin();
    show();
    if (!nearest) return;
    const [ex, ey] = middle(after.get(nearest.title));
    move(nearest.ex - ex, nearest.ey - ey);
  };
  map.reveal = element => {
    const [cx, cy] = middle(view), [ex, ey] = middle(element);
    move(cx - ex, cy - ey);
  };

  view.addEventListener("wheel", event => {
    if (map.dataset.wheel !== "plain" && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  }, { passive: false });

  view.addEventListener("pointerdown", event => {
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    moved = false;
  });
  view.addEventListener("pointermove", event => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    if (!moved && Math.hypot(now[0] - before[0], now[1] - before[1]) < 5) return;
    if (!moved) { moved = true; view.setPointerCapture(event.pointerId); }
    if (fingers.size === 1) move(now[0] - before[0], now[1] - before[1]);
    else {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const apart = point => Math.hypot(point[0] - other[0], point[1] - other[1]);
      zoom(apart(now) / Math.max(apart(before), 1), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    fingers.set(event.pointerId, now);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"])
    view.addEventListener(end, event => fingers.delete(event.pointerId));
  view.addEventListener("dragstart", event => event.preventDefault());
  view.addEventListener("click", event => {
    if (moved) { event.preventDefault(); event.stopPropagation(); moved = false; }
  }, true);

  const keys = {
    "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), "0": fit,
    ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0), ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60),
  };
  view.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  const tools = { in: () => zoom(STEP), out: () => zoom(1 / STEP), fit };
  for (const button of map.querySelectorAll("button")) button.addEventListener("click", tools[button.dataset.tool]);

  view.addEventListener("focusin", event => {
    if (event.target === view) return;
    const frame = view.getBoundingClientRect(), box = event.target.getBoundingClientRect();
    view.scrollTo(0, 0);
    if (box.left < frame.left || box.right > frame.right) move(frame.left + frame.width / 2 - (box.left + box.right) / 2, 0);
    if (box.top < frame.top || box.bottom > frame.bottom) move(0, frame.top + frame.height / 2 - (box.top + box.bottom) / 2);
  });
  new ResizeObserver(show).observe(view);
  addEventListener("beforeprint", () => svg.setAttribute("viewBox", `${left} ${top} ${width} ${height}`));
  addEventListener("afterprint", show);
  begin();
}

function choosable(beside) {
  const hint = beside.querySelector(".choose");
  const boxes = new Map([...beside.querySelectorAll("a.box")].map(box => [box.getAttribute("href").slice(1), box]));
  let chosen = null;
  function choose(id) {
    if (!boxes.has(id)) return null;
    for (const old of beside.querySelectorAll(".chosen")) old.classList.remove("chosen");
    hint.hidden = true;
    chosen = boxes.get(id);
    chosen.classList.add("chosen");
    const step = document.getElementById(id);
    step.classList.add("chosen");
    return step;
  }
  for (const [id, box] of boxes) box.addEventListener("click", event => {
    event.preventDefault();
    const step = choose(id);
    step.parentElement.scrollTop = 0;
    if (event.detail === 0) step.focus();
    if (step.parentElement.offsetLeft === box.closest(".map").offsetLeft) step.scrollIntoView({ block: "nearest" });
  });
  beside.querySelector(".panel").addEventListener("keydown", event => {
    if (event.key === "Escape" && chosen) chosen.focus();
  });
  choose(location.hash.slice(1));
}

document.querySelectorAll(".map").forEach(zoomable);
document.querySelectorAll(".beside").forEach(choosable);
