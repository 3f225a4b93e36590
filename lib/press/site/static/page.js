// What a page does once it is open: numbers that explain themselves, tables, search; charts are in charts.js.
// No dependency, no inline code, no request outside the site. Without it the page is complete, only still.
"use strict";
(() => {
  const root = document.documentElement;

  const load = (source) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`cannot load ${source}`));
    document.head.append(script);
  });

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // What is to be copied says where it leads from anywhere.
  function fillUrls() {
    const here = location.href.split("#")[0];
    for (const span of document.querySelectorAll("[data-url]")) span.textContent = new URL(span.textContent, here).href;
  }

  // --- one tip at a time, for all that explains itself ---

  const tip = (() => {
    const MARGIN = 8; // px: from what is explained, and from the window's edges
    const PATIENCE = 220; // ms: time for a pointer to come over the tip
    let box;
    let now;
    let leaving;

    function make() {
      const made = (document.querySelector("main") ?? document.body).appendChild(element("div", { className: "tip", id: "figure-tip", hidden: true }));
      made.setAttribute("role", "tooltip");
      made.addEventListener("pointerenter", stay);
      made.addEventListener("pointerleave", leave);
      made.addEventListener("focusin", stay);
      return made;
    }

    // Above what it explains, or below it; `at` is its box in the window.
    function place(at) {
      const { width, height } = box.getBoundingClientRect();
      const left = Math.max(MARGIN, Math.min(at.left, root.clientWidth - width - MARGIN));
      const above = at.top - height - MARGIN;
      const origin = box.offsetParent === document.body ? { left: -scrollX, top: -scrollY } : box.offsetParent.getBoundingClientRect();
      box.style.left = `${left - origin.left}px`;
      box.style.top = `${(above > MARGIN ? above : at.bottom + MARGIN) - origin.top}px`;
    }

    // `owner` is what is explained, `holder` the element that is described, `gone` what to do when it no longer is.
    function show({ owner, holder, content, at, gone }) {
      stay();
      if (now?.owner === owner) return place(at);
      if (now?.holder !== holder) hide();
      now = { owner, holder, gone };
      box ??= make();
      box.replaceChildren(...content);
      box.hidden = false;
      holder.setAttribute("aria-describedby", box.id);
      place(at);
    }

    function hide() {
      if (!now) return;
      const { holder, gone } = now;
      now = undefined;
      holder.removeAttribute("aria-describedby");
      box.hidden = true;
      gone?.();
    }

    const stay = () => clearTimeout(leaving);
    const leave = () => {
      stay();
      leaving = setTimeout(hide, PATIENCE);
    };
    const isFor = (owner) => owner !== undefined && now?.owner === owner;
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    document.addEventListener("pointerdown", (event) => {
      if (now && !box.contains(event.target) && !now.holder.contains(event.target)) hide();
    });
    return { hide, isFor, leave, show };
  })();

  // --- a number explains itself: on pointing, on focus, on the first tap ---

  function explainFigures() {
    const figures = [...document.querySelectorAll("data.figure[title]:not(tr[id] *), a.term[title]")]; // a row of the table has said it all
    const tables = Object.entries(JSON.parse(document.body.dataset.figures ?? "{}")); // the longest beginning comes last
    const linked = (id) => {
      const [, table] = tables.findLast(([start]) => id.startsWith(start)) ?? [];
      return table ? element("a", { href: `${table}.html#${id}` }, id) : id;
    };
    const holder = (figure) => figure.closest("a") ?? figure;
    let touched;

    function show(figure) {
      const [first, ...lines] = figure.dataset.tip.split("\n");
      const content = [element("strong", {}, first), ...lines.map((line) => element("span", {}, line))];
      const inputs = (figure.dataset.inputs ?? "").split(" ").filter(Boolean);
      if (inputs.length) content.push(element("span", { className: "tip-inputs" }, ...inputs.flatMap((id) => [linked(id), " "])));
      tip.show({ owner: figure, holder: holder(figure), content, at: figure.getClientRects()[0] ?? figure.getBoundingClientRect() });
    }

    for (const figure of figures) {
      figure.dataset.tip = figure.title;
      figure.removeAttribute("title"); // one explanation at a time
      const held = holder(figure);
      if (held === figure && figure.tagName !== "A") {
        figure.tabIndex = 0;
        figure.setAttribute("role", "note");
      }
      held.addEventListener("pointerenter", (event) => { touched = event.pointerType !== "mouse"; if (!touched) show(figure); });
      held.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") tip.leave(); });
      held.addEventListener("focus", () => { if (!touched) show(figure); });
      held.addEventListener("blur", tip.leave);
      held.addEventListener("click", (event) => {
        if (touched && !tip.isFor(figure)) { event.preventDefault(); show(figure); }
      });
    }
  }

  // --- long tables: sorted by any column, filtered by any word ---

  const SORTED = 8; // rows from which a table can be sorted
  const LONG = 15; // rows from which it can also be searched
  function workTables() {
    if (matchMedia("print").matches) return; // on paper nothing is pressed, and buttons do not repeat with a table's head
    for (const table of document.querySelectorAll("article table.data-table")) {
      const groups = [...table.tBodies].map((body) => [body, [...body.rows]]);
      const rows = groups.flatMap(([, inside]) => inside);
      if (table.closest("figure") || !table.tHead || rows.length < SORTED) continue;
      sortable(table, groups);
      if (rows.length >= LONG) filterable(table, rows);
    }
  }

  const isGroup = (row) => row.cells.length === 1;
  // What a cell is sorted by: a number and its unit, or words.
  function keyOf(cell) {
    const number = cell.querySelector("data");
    if (number) return { unit: number.dataset.unit ?? "", value: Number(number.value) };
    const words = cell.textContent.trim();
    return words !== "" && !Number.isNaN(Number(words)) ? { unit: "", value: Number(words) } : { words };
  }

  // Rows in the order of a column: numbers before words, each unit apart, in the order in which the units first occur.
  function sorted(rows, column, sign) {
    const compareWords = new Intl.Collator(root.lang, { numeric: true }).compare;
    const keyed = rows.map((row) => [keyOf(row.cells[column]), row]);
    const units = [...new Set(keyed.map(([key]) => key.unit))];
    keyed.sort(([a], [b]) => {
      if (a.unit === undefined || b.unit === undefined) {
        return a.unit === b.unit ? sign * compareWords(a.words, b.words) : a.unit === undefined ? 1 : -1;
      }
      return units.indexOf(a.unit) - units.indexOf(b.unit) || sign * (a.value - b.value);
    });
    return keyed.map(([, row]) => row);
  }

  // A press on a head sorts each group under its own heading: up, down, and as it was.
  function sortable(table, groups) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = element("button", { type: "button" }, ...head.childNodes);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const next = { undefined: "ascending", ascending: "descending", descending: undefined }[head.getAttribute("aria-sort") ?? undefined];
        for (const other of heads) other.removeAttribute("aria-sort");
        if (next) head.setAttribute("aria-sort", next);
        for (const [body, inside] of groups) {
          const entries = inside.filter((row) => !isGroup(row));
          const order = next ? sorted(entries, column, next === "ascending" ? 1 : -1) : entries;
          body.replaceChildren(...inside.filter(isGroup), ...order);
        }
      });
    });
  }

  // Text as it is compared with what a reader types, and the words of that.
  const plain = (text) => text.normalize("NFKC").replaceAll("’", "'").toLowerCase();
  const wordsOf = (typed) => plain(typed).split(/\s+/).filter(Boolean);

  function filterable(table, rows) {
    const input = element("input", { type: "search" });
    const told = element("output", {});
    table.closest(".scroll").before(element("p", { className: "filter" }, element("label", {}, `${document.body.dataset.filter} `, input), " ", told));
    input.addEventListener("input", () => {
      const words = wordsOf(input.value);
      const entries = rows.filter((row) => !isGroup(row));
      for (const row of entries) row.hidden = !words.every((word) => plain(row.textContent).includes(word));
      for (const row of rows.filter(isGroup)) row.hidden = words.length > 0;
      told.textContent = words.length ? `${entries.filter((row) => !row.hidden).length} / ${entries.length}` : "";
    });
  }

  // --- search: every word, or what else it may stand for, anywhere in title or text; titles first ---

  const MOST = 60;

  function search() {
    const input = document.getElementById("query");
    if (!input) return;
    const found = document.getElementById("found");
    const hits = document.getElementById("hits");
    const instead = document.getElementById("instead");
    let index;
    input.value = queryOfAddress();

    const show = async () => {
      const typed = wordsOf(input.value);
      if (typed.length) await (index ??= readIndex(input.dataset.index)); // fetched for the first word
      if (!typed.length) return shown("", [], []);
      const { entries, synonyms } = await index;
      const words = wordsOf(input.value).map((word) => ({ own: pattern(word), others: (synonyms.get(word) ?? []).map((other) => pattern(plain(other))) }));
      const ranked = entries.map((entry) => [score(entry, words), entry]).filter(([points]) => points);
      ranked.sort(([a], [b]) => b - a);
      const others = wordsOf(input.value).flatMap((word) => synonyms.get(word) ?? []);
      const also = others.length ? found.dataset.also.replace("{}", others.join(", ")) : "";
      const says = ranked.length ? found.dataset.some.replace("{}", ranked.length) + also : found.dataset.none;
      const marks = words.flatMap(({ own, others }) => [own, ...others]);
      shown(says, ranked.slice(0, MOST).map(([, entry]) => hit(entry, marks)), ranked.length ? [] : nearest(entries, wordsOf(input.value)));
    };
    const shown = (says, list, near) => {
      found.textContent = says;
      hits.replaceChildren(...list);
      instead.hidden = near.length === 0;
      instead.replaceChildren(`${instead.dataset.instead} `, ...near.flatMap((words, n) => [n ? ", " : "", suggestion(words)]));
    };
    const suggestion = (words) => {
      const link = element("a", { href: `?q=${encodeURIComponent(words)}` }, words);
      link.addEventListener("click", (event) => { event.preventDefault(); input.value = words; keepQuery(words); show(); input.focus(); });
      return link;
    };
    const hit = ({ kind, href, title, text, page, body }, marks) => element("li", {},
      element("small", {}, `${hits.dataset[kind]} · ${page}`),
      element("a", { href }, ...marked(title || page, marks)),
      element("p", {}, ...marked(snippet(text, body, marks), marks)));
    input.addEventListener("input", () => { keepQuery(input.value); show(); });
    input.focus();
    show();
  }

  async function readIndex(address) {
    await load(address);
    const { entries, synonyms } = window.pressIndex;
    return {
      entries: entries.map(([kind, href, title, text, page]) => ({ kind, href, title, text, page, head: plain(title), body: plain(text), id: href.split("#")[1] ?? "" })),
      synonyms: new Map(Object.entries(synonyms).map(([word, others]) => [plain(word), others])),
    };
  }

  // The query stands in the address, so that Back, a bookmark or a link brings it again; from a file, after its #.
  const queryOfAddress = () => new URLSearchParams(location.search).get("q") ?? new URLSearchParams(location.hash.slice(1)).get("q") ?? "";

  function keepQuery(query) {
    const said = query ? `q=${encodeURIComponent(query)}` : "";
    const address = location.protocol === "file:" ? `#${said}` : `${location.pathname}${said && `?${said}`}`;
    history.replaceState(null, "", address);
  }

  // A word as it is looked for: 2838 and 2,838 are one number.
  function pattern(word) {
    const bare = word.replace(/(?<=\d)[,，](?=\d)/g, "");
    const escaped = bare.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("'", "['’]");
    return escaped.replace(/(?<=\d)(?=\d)/g, "[,，]?");
  }

  const holds = (text, wanted) => new RegExp(wanted, "i").test(text);

  function score({ kind, head, body, id }, words) {
    let points = 1 + (kind === "row" ? 1 : 0);
    for (const { own, others } of words) {
      if (holds(head, own)) points += 4;
      else if (holds(id, own) || holds(body, own)) points += 1;
      else if (others.some((other) => holds(head, other))) points += 2;
      else if (!others.some((other) => holds(body, other))) return 0;
    }
    return holds(head, `^${words.map(({ own }) => own).join(" ")}$`) ? points + 3 : points;
  }

  // What a reader may have meant whose words are nowhere: words of the titles that are spelt, or begin, alike.
  function nearest(entries, typed) {
    const known = new Set(entries.flatMap(({ head }) => head.match(/[\p{Script=Latin}'’]{4,}|\p{Script=Han}{2,}/gu) ?? []));
    const ranked = [...known].map((word) => [Math.max(...typed.map((query) => likeness(query, word))), word]);
    return ranked.filter(([how]) => how >= 0.5).sort(([a], [b]) => b - a).slice(0, 4).map(([, word]) => word);
  }

  // How alike two words are, from 0 to 1: the pairs of neighbouring characters that they share (Dice).
  function likeness(one, other) {
    const pairs = (word) => Array.from({ length: Math.max(word.length - 1, 0) }, (_, n) => word.slice(n, n + 2));
    const [mine, theirs] = [pairs(one), pairs(other)];
    const shared = mine.filter((pair) => theirs.includes(pair)).length;
    return mine.length && theirs.length ? (2 * shared) / (mine.length + theirs.length) : 0;
  }

  function snippet(text, body, marks) {
    const places = marks.map((wanted) => body.search(new RegExp(wanted, "i"))).filter((n) => n >= 0);
    const near = Math.max(0, Math.min(...places, text.length) - 40);
    const at = near && near + text.slice(near, near + 20).search(/\s|$/); // not in the middle of a word
    return at >= text.length ? wholeWords(text, 0, 120) : (at ? "…" : "") + wholeWords(text, at, 140);
  }

  // So many characters of a text, less a word or number that would be cut in two.
  function wholeWords(text, from, length) {
    const stop = from + length;
    if (stop >= text.length) return text.slice(from);
    const isInside = /[\w’]/.test(text[stop - 1]) && /[\w’.,%-]/.test(text[stop]);
    const cut = text.slice(from, stop);
    return `${(isInside ? cut.replace(/[\w’.,-]+$/, "") : cut).trimEnd()}…`;
  }

  function marked(text, marks) {
    return text.split(new RegExp(`(${marks.join("|")})`, "i")).map((part, n) => (n % 2 ? element("mark", {}, part) : part));
  }

  // A Chinese heading breaks between words, where the browser knows them; elsewhere the stylesheet lets it break anywhere.
  const STAYS = /^[\p{Pe}\p{Pf}\s，。、；：？！%的了个项位家年月日者]/u; // what no line begins with
  const HOLDS = /[\p{Ps}\p{Pi}\d\s]$/u; // what no line ends with: 49 is followed by what it counts

  function phraseHeadings() {
    if (!root.lang.startsWith("zh") || !Intl.Segmenter) return;
    const words = new Intl.Segmenter(root.lang, { granularity: "word" });
    for (const heading of document.querySelectorAll(":is(h1, h2, h3, figcaption, .listing a)")) {
      const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
      const found = [];
      while (texts.nextNode()) found.push(texts.currentNode);
      const prose = found.filter((text) => !text.parentElement.closest("a.figure, data")); // a number keeps its unit
      for (const text of prose) text.replaceWith(...phrases(text, [...words.segment(text.data)]));
    }
    root.classList.add("phrased");
  }

  // The words of a text with a place to break between them, and before a number that follows in an element of its own.
  function phrases(text, words) {
    const pieces = [""];
    for (const { segment } of words) {
      const last = pieces.at(-1);
      if (!last || HOLDS.test(last) || STAYS.test(segment)) pieces.push(pieces.pop() + segment);
      else pieces.push(element("wbr"), segment);
    }
    const next = text.nextSibling;
    if (next?.matches?.("a.figure, data") && !HOLDS.test(text.data)) pieces.push(element("wbr"));
    return pieces;
  }

  // The contents stand open where there is room beside the text.
  function openContents() {
    const wide = matchMedia("(min-width: 72rem)");
    const details = document.querySelector(".contents details");
    const follow = () => { if (details) details.open = wide.matches; };
    wide.addEventListener("change", follow);
    follow();
  }

  // What stays in a frame is as high as it is: the page looks, or, where scripts run out of its sight, is told.
  const HIGHEST = 4000; // px
  const LOWEST = 40; // px: less is a document that has no height of its own
  const ADJUSTMENTS = 20; // of one frame: a document may be as high as its frame, and more
  function fitFrames() {
    const frames = [...document.querySelectorAll("iframe.external")];
    for (const frame of frames) {
      const fit = () => {
        const inside = frame.contentDocument?.documentElement;
        if (inside) frame.height = Math.min(inside.scrollHeight + 4, HIGHEST);
      };
      frame.addEventListener("load", fit);
      fit();
    }
    const adjusted = new Map();
    window.addEventListener("message", (message) => {
      const frame = frames.find((one) => one.contentWindow === message.source);
      const height = Math.ceil(Number(message.data?.height));
      const times = adjusted.get(frame) ?? 0;
      if (!frame || !(height >= LOWEST) || times === ADJUSTMENTS) return;
      adjusted.set(frame, times + 1);
      frame.height = Math.min(height, HIGHEST);
    });
    for (const frame of frames) frame.contentWindow?.postMessage({ asks: "height" }, "*");
  }

  // One thing after another, so that a slow phone can paint and answer in between.
  async function start() {
    const charts = window.pressCharts?.({ element, load, tip }) ?? [];
    for (const step of [phraseHeadings, openContents, explainFigures, fitFrames, ...charts, workTables, fillUrls, search]) {
      await step();
      await new Promise((go) => setTimeout(go));
    }
    await document.fonts.ready;
    root.dataset.ready = "true";
  }
  document.addEventListener("DOMContentLoaded", start); // when the scripts beside this one have run
})();
