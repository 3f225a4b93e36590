// What a chart does once its page is open: its marks say what they are when they are pointed at, tapped or reached with
// the keys, from the picture that is there; plotly.js is fetched only for a reader who asks to explore.
// page.js starts it.
"use strict";
window.pressCharts = (({ plotly, drawing, keys, words }) => ({ element, load, tip }) => {
  const said = JSON.parse(words);
  const night = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 52rem)"); // as in figure.html.j2
  const REACH = { mouse: 14, touch: 30 }; // px: how far from a mark a pointer may be
  const NEAR = "400px"; // of the window: what marks say is fetched before they are in sight
  const SETTLED = 500; // ms: what was pressed is pressed by then, and may move
  const FRAME = 150; // px: what stands around a chart in a frame, and as much again for a long title
  const WIDEST_IN_FRAME = 1.15; // of its own size, that a narrow picture has there: see style.css

  const pictureOf = (figure) => figure.querySelector("picture");
  const plotOf = (figure) => figure.querySelector(".plot");
  const imageOf = (figure) => pictureOf(figure).querySelector("img");
  const isExplored = (figure) => plotOf(figure).querySelector(".stage") !== null;
  const layoutNow = () => (narrow.matches ? "narrow" : "wide");
  const isTitle = (node) => !node.matches?.(".label"); // beside the number of the chart
  const titleOf = (figure) => [...figure.querySelector("figcaption").childNodes].filter(isTitle).map((node) => node.textContent).join("").trim();

  // --- the chart's own files, beside its picture; scripts, so that a folder will do ---

  async function fetched(figure, kind, place) {
    const source = imageOf(figure).getAttribute("src").replace(/-wide\.svg$/, `-${kind}.js`);
    const key = decodeURIComponent(source.match(/([^/]*)-\w+\.js$/)[1]);
    if (!window[place]?.[key]) await load(source);
    return window[place][key];
  }

  const marks = new Map();
  function marksOf(figure) {
    if (!marks.has(figure)) {
      const found = fetched(figure, "marks", "pressMarked").then(({ tips }) => tips ?? []);
      marks.set(figure, found);
      found.catch(() => marks.delete(figure)); // the next pointer tries again
    }
    return marks.get(figure);
  }

  // Once the page is being read: until then it fetches nothing that is not seen.
  function fetchOnceRead(figures) {
    const signs = ["scroll", "pointermove", "pointerdown", "keydown"];
    const begin = () => {
      for (const sign of signs) removeEventListener(sign, begin);
      fetchWhenNear(figures);
    };
    for (const sign of signs) addEventListener(sign, begin, { passive: true });
  }

  function fetchWhenNear(figures) {
    const observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        marksOf(target).catch(() => {});
      }
    }, { rootMargin: NEAR });
    for (const figure of figures) observer.observe(figure);
  }

  // --- marks that say what they are ---

  // The picture in sight, and how large it stands there.
  function shown(figure) {
    const image = imageOf(figure);
    const drawn = narrow.matches ? pictureOf(figure).querySelector("source[width]") : image;
    const box = image.getBoundingClientRect();
    return { box, scale: box.width / Number(drawn.getAttribute("width")) };
  }

  function boxesOf(mark) {
    const numbers = mark[layoutNow()];
    return numbers.flatMap((_, at) => (at % 4 ? [] : [numbers.slice(at, at + 4)]));
  }

  function distance([left, top, width, height], x, y) {
    const across = Math.max(left - x, 0, x - left - width);
    const down = Math.max(top - y, 0, y - top - height);
    return Math.hypot(across, down);
  }

  // The mark at a place of the picture; of several there, the smallest.
  function nearest(tips, x, y, reach) {
    let best = null;
    for (const mark of tips)
      for (const box of boxesOf(mark)) {
        const away = distance(box, x, y);
        const size = box[2] * box[3];
        if (away > reach) continue;
        if (!best || away < best.away || (away === best.away && size < best.size)) best = { mark, box, away, size };
      }
    return best;
  }

  // What is marked: all of a mark that is one piece, such as a slice; of one in many places, the nearest.
  function piece(mark, box) {
    const boxes = boxesOf(mark);
    const left = Math.min(...boxes.map((one) => one[0]));
    const top = Math.min(...boxes.map((one) => one[1]));
    const right = Math.max(...boxes.map((one) => one[0] + one[2]));
    const bottom = Math.max(...boxes.map((one) => one[1] + one[3]));
    const filled = boxes.reduce((sum, one) => sum + one[2] * one[3], 0);
    return filled * 3 > (right - left) * (bottom - top) ? [left, top, right - left, bottom - top] : box;
  }

  function show(figure, { mark, box }) {
    const plot = plotOf(figure);
    const { box: picture, scale } = shown(figure);
    const [left, top, width, height] = piece(mark, box).map((length) => length * scale);
    const spot = plot.querySelector(".spot") ?? plot.appendChild(element("div", { className: "spot" }));
    Object.assign(spot.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    const [first, ...lines] = mark.lines;
    tip.show({
      owner: mark,
      holder: plot,
      content: [element("strong", {}, first), ...lines.map((line) => element("span", {}, line))],
      at: new DOMRect(picture.left + left, picture.top + top, width, height),
      gone: () => spot.remove(),
    });
  }

  function answerPointers(figure) {
    const plot = plotOf(figure);
    const at = async (event, kind) => {
      const tips = await marksOf(figure).catch(() => []);
      const { box, scale } = shown(figure);
      return nearest(tips, (event.clientX - box.left) / scale, (event.clientY - box.top) / scale, REACH[kind] / scale);
    };
    let isTouched = false;
    plot.addEventListener("pointerdown", (event) => { isTouched = event.pointerType !== "mouse"; });
    plot.addEventListener("pointermove", async (event) => {
      if (event.pointerType !== "mouse" || isExplored(figure)) return;
      const found = await at(event, "mouse");
      if (found) show(figure, found);
      else tip.leave();
    });
    plot.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") tip.leave(); });
    plot.addEventListener("click", async (event) => {
      if (!isTouched || isExplored(figure)) return;
      const link = event.target.closest("a");
      if (link && tip.isFor(link.pressMark)) return; // the second tap follows it
      if (link) event.preventDefault();
      const found = await at(event, "touch");
      if (found) show(figure, found);
      else if (link) location.assign(link.href);
      else tip.hide();
      if (link) link.pressMark = found?.mark;
    });
  }

  // --- with the keys: the rows of the data, each with its mark; without a table, the marks ---

  const bare = (text) => text.replace(/[\s:：]+/g, "");

  function rowsOf(figure) {
    const table = figure.querySelector(".chart-data table");
    if (!table) return [];
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    return [...table.tBodies[0].rows].map((row) => {
      const cells = [...row.cells].map((cell, column) => cell.textContent && `${heads[column]}: ${cell.textContent}`);
      return { label: row.cells[0].textContent, text: cells.filter(Boolean).join("; ") };
    });
  }

  // A row's mark is the first, not yet another's, that says its label; else the one that says its label's group: of rows
  // “Group: part” with one mark for the group.
  function stopsOf(rows, tips) {
    if (!rows.length) return tips.map((mark) => ({ text: mark.lines.join("; "), mark }));
    const free = new Set(tips);
    return rows.map(({ label, text }) => {
      const group = label.replace(/[:：][^:：]*$/, "");
      const says = (name) => ({ lines }) => bare(name) && bare(lines.join("")).includes(bare(name));
      const mark = [...free].find(says(label)) ?? (group === label ? undefined : tips.find(says(group)));
      free.delete(mark);
      return { text, mark };
    });
  }

  function answerKeys(figure) {
    const plot = plotOf(figure);
    const readout = figure.querySelector(".readout");
    const rows = rowsOf(figure);
    let stops;
    let at = -1;
    const ready = async () => (stops ??= stopsOf(rows, pictureOf(figure) ? await marksOf(figure).catch(() => []) : []));
    const point = (mark) => {
      const [box] = mark ? boxesOf(mark) : [];
      if (box && !isExplored(figure)) show(figure, { mark, box });
      else tip.hide();
    };
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", `${titleOf(figure)}. ${keys}`);
    let isPressed = false; // a press shows the mark under the pointer, not the first one
    plot.addEventListener("pointerdown", () => { isPressed = true; });
    plot.addEventListener("focus", async () => {
      if (isPressed) return;
      const first = (await ready()).find(({ mark }) => mark);
      if (first && at < 0 && document.activeElement === plot) point(first.mark);
    });
    plot.addEventListener("keydown", async (event) => {
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
      if (!(event.key in steps) || event.target !== plot || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const all = rows.length ? rows : await ready(); // a row is read at once, before its mark is known
      if (!all.length) return;
      const now = Math.max(0, Math.min(all.length - 1, at + steps[event.key]));
      at = now;
      delete readout.dataset.kept;
      readout.textContent = `${all[at].text} (${at + 1}/${all.length})`;
      const { mark } = (await ready())[now];
      if (at === now) point(mark);
    });
    plot.addEventListener("blur", () => {
      isPressed = false;
      at = -1;
      tip.leave();
      setTimeout(() => { if (at < 0 && !readout.dataset.kept) readout.textContent = ""; }, SETTLED);
    });
  }

  // --- explored: drawn by plotly.js in the picture's place ---

  let pen;
  const penReady = () => {
    pen ??= load(drawing).then(() => window.pressDrawing.makeRoomForPlotly()).then(() => load(plotly));
    pen.catch(() => { pen = undefined; }); // the next reader's wish tries again
    return pen;
  };

  async function draw(figure) {
    await penReady();
    const inside = figure.querySelector(".plot-spec");
    const spec = inside ? JSON.parse(inside.textContent) : await fetched(figure, "plot", "pressPlots");
    const template = spec.template ? JSON.parse(document.getElementById(spec.template).textContent) : {};
    const height = pictureOf(figure) ? imageOf(figure).getBoundingClientRect().height : spec.heights[layoutNow()];
    if (spec.width && !pictureOf(figure)) plotOf(figure).style.maxWidth = `${spec.width}px`; // its author's
    const isNight = night.matches && !matchMedia("print").matches;
    await window.pressDrawing.draw(plotOf(figure), spec, template, { narrow: narrow.matches, night: isNight, height });
  }

  function putAway(figure) {
    const plot = plotOf(figure);
    window.Plotly?.purge(plot.querySelector(".stage"));
    plot.querySelector(".stage")?.remove();
    plot.classList.remove("drawn");
    plot.style.height = "";
  }

  function offerToExplore(figure) {
    const button = figure.querySelector(".explore");
    const readout = figure.querySelector(".readout");
    const say = (text, isBusy) => {
      button.textContent = text;
      button.setAttribute("aria-busy", String(isBusy));
    };
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-busy") === "true") return;
      tip.hide();
      readout.textContent = "";
      delete readout.dataset.kept;
      if (isExplored(figure)) {
        putAway(figure);
        say(said.start, false);
        return;
      }
      say(said.loading, true);
      try {
        await draw(figure);
        say(said.back, false);
      } catch (error) {
        console.info(`${figure.id}: ${error.message}`);
        putAway(figure);
        say(said.start, false);
        readout.textContent = said.failed;
        readout.dataset.kept = "true";
      }
    });
  }

  // Charts that nobody has drawn before, and those explored when light or width change.
  async function drawAlive(figures) {
    const due = figures.filter((figure) => !pictureOf(figure) || isExplored(figure));
    for (const figure of due) await draw(figure).catch((error) => console.error(`${figure.id}: ${error.message}`));
  }

  // --- the code that embeds one: past any one release, and tall enough for either layout ---

  function frameHeight(figure) {
    const heights = [plotOf(figure).dataset.height ?? imageOf(figure).getAttribute("height")];
    const small = pictureOf(figure)?.querySelector("source[height]");
    if (small) heights.push(Number(small.getAttribute("height")) * WIDEST_IN_FRAME);
    const words = figure.querySelector(".chart-subtitle") ? FRAME + 70 : FRAME + 45;
    return Math.ceil(Math.max(...heights.map(Number))) + words;
  }

  function offerToEmbed() {
    for (const link of document.querySelectorAll(".embeds a")) {
      const figure = link.closest("figure");
      const frame = element("iframe", { title: titleOf(figure), width: "100%", height: frameHeight(figure) });
      frame.setAttribute("src", link.href.replace(/\/releases\/[^/]+\//, "/"));
      frame.setAttribute("loading", "lazy");
      link.parentNode.after(element("pre", {}, frame.outerHTML));
    }
  }

  function prepare(figure) {
    if (pictureOf(figure)) {
      answerPointers(figure);
      offerToExplore(figure);
    }
    answerKeys(figure);
  }

  const figures = [...document.querySelectorAll("figure.chart")];
  const again = () => {
    tip.hide();
    drawAlive(figures);
  };
  night.addEventListener("change", again);
  narrow.addEventListener("change", again);
  return [
    () => fetchOnceRead(figures.filter(pictureOf)),
    ...figures.map((figure) => () => prepare(figure)),
    offerToEmbed,
    () => drawAlive(figures),
  ];
})(document.currentScript.dataset);
