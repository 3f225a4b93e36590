// What the marks of a drawn chart say when they are pointed at, and where they are: a page tells it without plotly.js.
// The words are plotly's own: a mark's hover text, or the label that plotly.js would show. Published nowhere.
"use strict";
window.pressMarks = (() => {
  const MOST = 400; // marks of a chart whose labels plotly.js is asked for, 1 to 2 ms each
  const DOT = 3; // px: half of a place that has no mark of its own, as on a line
  const SMALL = 24; // px: a mark no larger than this is where its box is,
  const ROWS = 10; // any other, where it is filled, in rows of boxes
  const COLUMNS = 24;
  const INSET = 0.04; // of a box: where its corners are looked at
  const DRAWN_AS = ["point", "slice", "region", "choroplethlocation", "box", "violin"];
  const ALONE = ".sunburstlayer .slice, .treemaplayer .slice, .iciclelayer .slice, .sankey-node, .sankey-link";

  // --- which marks there are ---

  const silent = (trace) => trace.visible !== true || trace.hoverinfo === "skip" || trace.hoverinfo === "none";
  const subplotOf = (trace) => trace.subplot ?? trace.geo ?? trace.scene ?? `${trace.xaxis ?? "x"}${trace.yaxis ?? "y"}`;

  // The element that each point of the data is drawn as.
  function elementsOf(stage) {
    const found = new Map();
    for (const name of DRAWN_AS)
      for (const element of stage.querySelectorAll(`.${name}`))
        if (element.__data__ && !found.has(element.__data__)) found.set(element.__data__, element);
    return found;
  }

  // The numbers that plotly.js knows a trace's points by: of a grid, pairs.
  function numbersOf(points) {
    const grid = points[0].z;
    const isGrid = Array.isArray(grid) && grid.length > 0 && typeof grid[0] === "object";
    if (!isGrid) return points.map((_, number) => number);
    return grid.flatMap((row, y) => [...row].map((_, x) => [y, x]));
  }

  function marksOf(stage) {
    if (stage._fullLayout.hovermode === false) return [];
    const elements = elementsOf(stage);
    const marks = [];
    (stage.calcdata ?? []).forEach((points, curve) => {
      const trace = points[0]?.trace;
      if (!trace || silent(trace)) return;
      for (const number of numbersOf(points)) {
        const point = typeof number === "number" ? points[number] : points[0];
        marks.push({ key: `${curve}.${number}`, curve, number, trace, point, element: elements.get(point) });
      }
    });
    const alone = [...stage.querySelectorAll(ALONE)];
    return [...marks, ...alone.map((element, number) => ({ key: `${element.classList[0]}.${number}`, element }))];
  }

  // --- where a mark is ---

  const rectangle = (left, top, right, bottom) => [left, top, right - left, bottom - top].map(Math.round);

  function axesOf(stage, trace) {
    const named = (id, letter) => stage._fullLayout[id?.replace(letter, `${letter}axis`)];
    return [named(trace.xaxis, "x"), named(trace.yaxis, "y")];
  }

  function cellBox(stage, { trace, number, point }) {
    const [across, down] = axesOf(stage, trace);
    const [row, column] = number;
    if (!across || !point.x || !point.y || point.x.length <= column + 1 || point.y.length <= row + 1) return [];
    const xs = [point.x[column], point.x[column + 1]].map((x) => across._offset + across.c2p(x));
    const ys = [point.y[row], point.y[row + 1]].map((y) => down._offset + down.c2p(y));
    return [rectangle(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys))];
  }

  function spotBox(stage, { trace, point }) {
    const [across, down] = axesOf(stage, trace);
    if (!across || !down || typeof point.x !== "number" || typeof point.y !== "number") return [];
    const x = across._offset + across.c2p(point.x);
    const y = down._offset + down.c2p(point.y);
    return Number.isFinite(x + y) ? [rectangle(x - DOT, y - DOT, x + DOT, y + DOT)] : [];
  }

  function elementBoxes(stage, element) {
    const path = element.matches("path, rect, circle, image") ? element : element.querySelector("path, rect, circle, image");
    if (!path) return [];
    const { left, top } = stage.getBoundingClientRect();
    const box = path.getBoundingClientRect();
    const whole = rectangle(box.left - left, box.top - top, box.right - left, box.bottom - top);
    const isSmall = box.width <= SMALL && box.height <= SMALL;
    if (isSmall || !path.isPointInFill || isFilled(path)) return [whole];
    const rows = filledRows(path).map(([x0, y0, x1, y1]) => rectangle(x0 - left, y0 - top, x1 - left, y1 - top));
    return rows.length ? rows : [whole];
  }

  const isFilled = (path) => {
    const { x, y, width, height } = path.getBBox();
    const ends = [INSET, 1 - INSET];
    return ends.every((right) => ends.every((down) => path.isPointInFill(new DOMPoint(x + right * width, y + down * height))));
  };

  // A slice or a district is no rectangle: the boxes that it fills, row by row, in the window's pixels.
  function filledRows(path) {
    const { x, y, width, height } = path.getBBox();
    const matrix = path.getScreenCTM();
    const isIn = (row, column) => path.isPointInFill(new DOMPoint(x + ((column + 0.5) * width) / COLUMNS, y + ((row + 0.5) * height) / ROWS));
    const corner = (row, column) => new DOMPoint(x + (column * width) / COLUMNS, y + (row * height) / ROWS).matrixTransform(matrix);
    const boxes = [];
    for (let row = 0; row < ROWS; row++) {
      let start = null;
      for (let column = 0; column <= COLUMNS; column++) {
        const inside = column < COLUMNS && isIn(row, column);
        if (inside && start === null) start = column;
        if (inside || start === null) continue;
        const [a, b] = [corner(row, start), corner(row + 1, column)];
        boxes.push([Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)]);
        start = null;
      }
    }
    return boxes;
  }

  function boxesOf(stage, mark) {
    if (mark.element) return elementBoxes(stage, mark.element);
    if (Array.isArray(mark.number)) return cellBox(stage, mark);
    const boxes = spotBox(stage, mark);
    return boxes.length ? boxes : labelledBoxes(stage, mark);
  }

  // Where plotly.js would point, for what is neither drawn as an element nor on two plain axes.
  function labelledBoxes(stage, mark) {
    ask(stage, mark);
    const found = (stage._hoverdata ?? []).filter(({ bbox, curveNumber }) => bbox && curveNumber === mark.curve);
    clear(stage);
    return found.map(({ bbox }) => rectangle(bbox.x0, bbox.y0, bbox.x1, bbox.y1));
  }

  // --- what it says ---

  const LINE_BREAK = /<br\s*\/?>|\n/i;
  const reader = document.createElement("textarea");
  function plain(text) {
    reader.innerHTML = text.replace(/<\/?[a-z][^>]*>/gi, "");
    return reader.value.trim();
  }

  // Hover text that stands in the figure, where it is all that the figure wants said.
  function ownWords({ trace, point }) {
    if (!trace || trace.hoverinfo !== "text" || trace.hovertemplate) return null;
    const text = [point.htx, trace.hovertext, point.tx, trace.text].find((one) => typeof one === "string" && one);
    return text ? text.split(LINE_BREAK).map(plain).filter(Boolean) : null;
  }

  let asked = 0;
  function ask(stage, mark, boxes = []) {
    stage._fullLayout._uid = `asked-${(asked += 1)}`; // plotly.js answers the same drawing only every 50 ms
    stage._hoverdata = undefined;
    const isCell = Array.isArray(mark.number);
    const about = isCell ? place(stage, mark, boxes[0]) : [{ curveNumber: mark.curve, pointNumber: mark.number }];
    try {
      Plotly.Fx.hover(stage, about, subplotOf(mark.trace));
    } catch {
      // a kind of trace that is asked in another way
    }
  }

  // A cell of a grid is asked for by the pixels of its middle.
  function place(stage, { trace }, [x, y, width, height]) {
    const [across, down] = axesOf(stage, trace);
    return { xpx: x + width / 2 - across._offset, ypx: y + height / 2 - down._offset };
  }

  function clear(stage) {
    stage.querySelector(".hoverlayer")?.replaceChildren();
  }

  const linesOf = (text) => {
    const lines = [...text.querySelectorAll(".line")];
    return (lines.length ? lines : [text]).map((line) => line.textContent.trim());
  };
  const labels = (stage) => [...stage.querySelectorAll(".hoverlayer .hovertext")].flatMap((label) => [".nums", ".name"].flatMap((part) => [...label.querySelectorAll(part)].flatMap(linesOf))).filter(Boolean);

  // As if a pointer came over the middle of a mark.
  function point(stage, element, boxes) {
    const [x, y, width, height] = boxes.reduce((a, b) => (b[2] * b[3] > a[2] * a[3] ? b : a));
    const { left, top } = stage.getBoundingClientRect();
    const at = { bubbles: true, clientX: left + x + width / 2, clientY: top + y + height / 2 };
    const ground = element.closest(".geo")?.querySelector(".bg rect") ?? element;
    stage._fullLayout._uid = `asked-${(asked += 1)}`;
    for (const kind of ["mouseover", "mousemove"]) ground.dispatchEvent(new MouseEvent(kind, at));
    const said = labels(stage);
    ground.dispatchEvent(new MouseEvent("mouseout", at));
    return said;
  }

  function labelWords(stage, mark, boxes) {
    let said = [];
    if (mark.trace) {
      ask(stage, mark, boxes);
      said = labels(stage);
      clear(stage);
    }
    if (!said.length && mark.element) said = point(stage, mark.element, boxes);
    clear(stage);
    return said;
  }

  // --- all of it ---

  // The marks of a drawing by their keys, with what is already known of their words.
  function read(stage, known = new Map()) {
    const { _uid: uid } = stage._fullLayout;
    const found = new Map();
    const marks = marksOf(stage);
    const told = marks.map((mark) => known.get(mark.key)?.lines ?? ownWords(mark));
    const unsaid = told.filter((lines) => !lines).length;
    marks.forEach((mark, number) => {
      if (!told[number] && unsaid > MOST) return;
      const boxes = boxesOf(stage, mark);
      if (!boxes.length) return;
      const lines = told[number] ?? labelWords(stage, mark, boxes);
      if (lines.length) found.set(mark.key, { group: mark.curve, lines, boxes });
    });
    stage._fullLayout._uid = uid;
    return found;
  }

  // Marks of one trace that say the same are one, as the dots of a hundred.
  function joined(wide, narrow) {
    const all = new Map();
    for (const [width, marks] of [["wide", wide], ["narrow", narrow]])
      for (const { group, lines, boxes } of marks.values()) {
        const name = JSON.stringify([group, lines]);
        if (!all.has(name)) all.set(name, { lines, wide: [], narrow: [] });
        all.get(name)[width].push(...boxes.flat());
      }
    return [...all.values()];
  }

  // Words of the drawing that are links, each with its box and, where it stands on a mark, that mark's words.
  function links(stage, marks) {
    const { left, top } = stage.getBoundingClientRect();
    return [...stage.querySelectorAll("svg a")].flatMap((anchor) => {
      const href = anchor.getAttribute("href") ?? anchor.getAttribute("xlink:href") ?? anchor.getAttributeNS("http://www.w3.org/1999/xlink", "href");
      const at = anchor.getBoundingClientRect();
      if (!href || !at.width) return [];
      const box = rectangle(at.left - left, at.top - top, at.right - left, at.bottom - top);
      const under = [...marks.values()].find(({ boxes }) => boxes.some((one) => holds(one, box)));
      const words = anchor.textContent.trim();
      return [{ href, label: under && words.length < 3 ? under.lines.join("; ") : words, box }];
    });
  }

  const holds = ([x, y, width, height], [left, top, wide, high]) => {
    const [across, down] = [left + wide / 2, top + high / 2];
    return x <= across && across <= x + width && y <= down && down <= y + height;
  };

  return { joined, links, read };
})();
