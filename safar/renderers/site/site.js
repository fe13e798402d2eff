
function searchable(box) {
  const { home, index, nothing, found } = document.body.dataset, MOST = 40;
  const input = box.querySelector("input"), list = box.querySelector("ul"), told = box.querySelector("p");
  const language = document.documentElement.lang;
  let chosen = -1, loading = false;

  const fold = text => text.normalize("NFKC").toLowerCase().replace(/[يى]/g, "ی").replace(/ك/g, "ک")
    .replace(/[\u200c\u200dـ]/g, "").replace(/[٠-٩۰-۹]/g, digit => String(digit.codePointAt(0) & 15));
  function rank([, , title, name, , text], words) {
    const [own, called] = [fold(title), fold(name)];
    let sum = 0;
    for (const word of words) {
      const points = own === word || called === word ? 9 : own.startsWith(word) || called.startsWith(word) ? 6
        : (" " + own).includes(" " + word) ? 5 : own.includes(word) || called.includes(word) ? 4 : text.includes(word) ? 1 : 0;
      if (!points) return 0;
      sum += points;
    }
    return sum;
  }
  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }
  function item([key, kind, title, , of], number) {
    const line = element("li", "", { role: "option", id: `found${number}`, "aria-selected": "false" });
    const link = element("a", "", { href: `${home}${key}.html`, tabindex: "-1" });
    link.append(element("bdi", title), element("small", self.SAFAR.kinds[language][kind]));
    if (of) link.append(element("small", "", {}));
    if (of) link.lastChild.append(element("bdi", of));
    line.append(link);
    return line;
  }
  function choose(number) {
    const items = [...list.children];
    chosen = items.length ? (number + items.length) % items.length : -1;
    items.forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
    input.setAttribute("aria-activedescendant", chosen < 0 ? "" : items[chosen].id);
    if (chosen >= 0) items[chosen].scrollIntoView({ block: "nearest" });
  }
  function open(shown) {
    box.classList.toggle("open", shown);
    input.setAttribute("aria-expanded", String(shown));
  }
  function show() {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    if (!words.length || !self.SAFAR) return open(false);
    const ranked = self.SAFAR.rows.map(row => [rank(row, words), row]).filter(([points]) => points);
    ranked.sort((one, other) => other[0] - one[0]);
    list.replaceChildren(...ranked.slice(0, MOST).map(([, row], number) => item(row, number)));
    const count = ranked.length.toLocaleString(language);
    told.textContent = ranked.length ? found.replace("{n}", count) : nothing;
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    open(true);
  }
  function load() {
    if (loading) return;
    loading = true;
    const script = element("script", "", { src: index });
    script.addEventListener("load", show);
    document.head.append(script);
  }
  input.addEventListener("focus", load);
  input.addEventListener("input", show);
  input.addEventListener("keydown", event => {
    if (event.key === "Escape") { open(false); input.value = ""; return; }
    if (!box.classList.contains("open")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen < 0 && event.key === "ArrowUp" ? -1 : chosen + (event.key === "ArrowDown" ? 1 : -1));
    }
    if (event.key === "Enter") list.children[Math.max(chosen, 0)]?.querySelector("a").click();
  });
  document.addEventListener("click", event => { if (!box.contains(event.target)) open(false); });
  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input, textarea, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
}

document.querySelectorAll(".search").forEach(searchable);
