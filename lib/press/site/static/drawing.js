// Draws a chart with plotly.js, in its reader's light. Fetched when a reader wants to explore one; the press's own
// browser draws the pictures that stand in the page until then with the same lines.
"use strict";
window.pressDrawing = (() => {
  const HAN = "'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC'";
  const FONTS = `-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', ${HAN}, Arial, sans-serif`;
  const ROOM = { l: 80, r: 80, t: 24, b: 60 }; // px: the most that plotly's own margins get where a figure says nothing
  const NARROW_ROOM = { l: 8, r: 16 }; // and on a narrow page, whatever a figure says that has no layout for it
  const CLEAR = { day: "rgba(255,255,255,0)", night: "rgba(0,0,0,0)" }; // plotly.js asks how light the ground is

  // --- colours: what is printed for white paper, on a dark page: lightness turned over, hue kept (OKLab) ---

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const isColour = (text) => /^(#[0-9a-f]{3,8}|rgba?\([^)]*\)|black|white|gr[ae]y)$/i.test(text);
  const linear = (c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const gamma = (c) => Math.round(255 * Math.min(1, Math.max(0, c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)));

  function turned(colour) {
    if (!known.has(colour)) known.set(colour, turn(colour));
    return known.get(colour);
  }

  function turn(colour) {
    canvas.fillStyle = "#000";
    canvas.fillStyle = colour;
    const text = canvas.fillStyle;
    const parts = text[0] === "#" ? [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16)) : text.match(/[\d.]+/g).map(Number);
    const [r, g, b] = parts.slice(0, 3).map(linear);
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    const light = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
    const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
    const B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
    const L = 1.14 - 0.94 * light; // white becomes the page's dark, black a soft white, mid-tones a little lighter
    const [x, y, z] = [L + 0.3963377774 * A + 0.2158037573 * B, L - 0.1055613458 * A - 0.0638541728 * B, L - 0.0894841775 * A - 1.291485548 * B].map((c) => c ** 3);
    const rgb = [4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z, -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z, -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z].map(gamma);
    return parts.length > 3 ? `rgba(${rgb},${parts[3]})` : `rgb(${rgb})`;
  }

  function mapColours(value, change) {
    if (typeof value === "string") return isColour(value) ? change(value) : value;
    if (Array.isArray(value)) return value.map((one) => mapColours(one, change));
    if (!value || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapColours(one, change)]));
  }

  // --- one figure, two layouts: what is named "narrow" is for a narrow page alone, what is named "wide" for the others ---

  function shownAt(narrow, elements) {
    return elements.map((element) => {
      if (element?.name === "narrow") return { ...element, visible: narrow };
      if (element?.name === "wide" && narrow) return { ...element, visible: false };
      return element;
    });
  }

  // Sets what a dotted key says: "margin.l", "annotations[0].text".
  const INHERITED = new Set(["__proto__", "constructor", "prototype"]); // no part of a layout
  function set(target, key, value) {
    const path = key.split(/[.[\]]+/).filter(Boolean);
    if (path.some((name) => INHERITED.has(name))) return;
    const last = path.pop();
    let inner = target;
    for (const name of path) {
      if (typeof inner[name] !== "object" || inner[name] === null) inner[name] = {};
      inner = inner[name];
    }
    inner[last] = value;
  }

  function laidOut({ data, layout, narrow: changes }, narrow) {
    const own = structuredClone(layout);
    for (const kind of ["annotations", "shapes", "images"])
      if (Array.isArray(own[kind])) own[kind] = shownAt(narrow, own[kind]);
    if (narrow) for (const [key, value] of Object.entries(changes ?? {})) set(own, key, value);
    return { data: shownAt(narrow, data), layout: own };
  }

  // A figure with a narrow layout of its own has the margins that it says; any other, no more than a narrow page can give.
  function margins(said, crowded) {
    const room = Object.fromEntries(Object.entries(ROOM).map(([side, most]) => [side, said[side] ?? most]));
    if (!crowded) return { ...said, ...room };
    const least = Object.entries(NARROW_ROOM).map(([side, most]) => [side, Math.min(room[side], most)]);
    return { ...said, ...room, ...Object.fromEntries(least) };
  }

  // A ground that is none, or white, is the page's own; any other is the author's, whose colours are chosen for it.
  const isWhite = (colour) => painted(colour).every((part) => part >= 250);

  const paperOf = (layout, template) => layout.paper_bgcolor ?? template?.layout?.paper_bgcolor ?? "white";
  const hasOwnGround = (layout, template) => !isWhite(paperOf(layout, template));

  function painted(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = "#fff";
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  }

  // The figure as a page draws it: without its title, which the caption says, and on the page's own ground.
  function prepared(spec, template, { narrow, night }) {
    const { data, layout } = laidOut(spec, narrow);
    const base = template?.layout ?? {};
    const crowded = narrow && !Object.keys(spec.narrow ?? {}).length;
    const font = { color: "#3a4550", ...base.font, ...layout.font, family: FONTS };
    const margin = margins({ ...base.margin, ...layout.margin }, crowded);
    const paper = paperOf(layout, template);
    const plot = layout.plot_bgcolor ?? base.plot_bgcolor ?? "white";
    const grounds = { paper_bgcolor: paper, plot_bgcolor: plot };
    const figure = { data, layout: { ...layout, ...grounds, template, font, margin, title: undefined, width: undefined } };
    if (hasOwnGround(layout, template)) return figure;
    const drawn = night ? mapColours(figure, turned) : figure;
    const ground = CLEAR[night ? "night" : "day"];
    drawn.layout.paper_bgcolor = ground;
    if (isWhite(plot)) drawn.layout.plot_bgcolor = ground;
    return drawn;
  }

  // No label is cut: what stands over the edge of the drawing is given room, once.
  async function fitted(stage) {
    const box = stage.querySelector(".main-svg").getBoundingClientRect();
    const over = { l: 0, r: 0, t: 0, b: 0 };
    for (const text of stage.querySelectorAll(".main-svg text")) {
      const { left, right, top, bottom, width } = text.getBoundingClientRect();
      if (!width) continue;
      over.l = Math.max(over.l, box.left - left);
      over.r = Math.max(over.r, right - box.right);
      over.t = Math.max(over.t, box.top - top);
      over.b = Math.max(over.b, bottom - box.bottom);
    }
    const { margin } = stage._fullLayout;
    const sides = Object.keys(over).filter((side) => over[side] > 0.5 && over[side] < box.width / 3);
    if (sides.length) await Plotly.relayout(stage, Object.fromEntries(sides.map((side) => [`margin.${side}`, margin[side] + Math.ceil(over[side]) + 4])));
  }

  // Coasts and borders would come from another machine, which no page asks: a map is drawn on empty ground.
  const LAYERS = ["coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits"];
  const empty = { type: "Topology", arcs: [], objects: Object.fromEntries(LAYERS.map((name) => [name, { type: "GeometryCollection", geometries: [] }])) };
  (window.PlotlyGeoAssets ??= {}).topojson = new Proxy({}, { get: () => empty, has: () => true });

  // --- alive, in its place in the page ---

  // The page's policy allows no inline style: a style element that plotly.js makes becomes a sheet made here, and the
  // styles it writes as attributes are set through the CSSOM, which the policy leaves to scripts.
  function makeRoomForPlotly() {
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(sheet);
    const { createElement } = document;
    document.createElement = (name, ...more) =>
      name === "style" ? Object.assign(createElement.call(document, "meta"), { sheet }) : createElement.call(document, name, ...more);
    const { setAttribute } = Element.prototype;
    Element.prototype.setAttribute = function (name, value) {
      if (name === "style") this.style.cssText = value;
      else setAttribute.call(this, name, value);
    };
  }

  async function draw(plot, spec, template, { narrow, night, height }) {
    const stage = plot.querySelector(".stage") ?? Object.assign(document.createElement("div"), { className: "stage" });
    plot.style.height = `${height}px`;
    const { data, layout } = prepared(spec, template, { narrow, night });
    plot.append(stage);
    await Plotly.react(stage, data, { ...layout, height, autosize: true }, { responsive: true, displayModeBar: false, scrollZoom: false, doubleClick: false });
    await fitted(stage);
    plot.classList.add("drawn");
  }

  return { draw, fitted, fonts: FONTS, hasOwnGround, makeRoomForPlotly, prepared, turned };
})();
