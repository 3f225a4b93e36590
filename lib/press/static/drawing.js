// Draws a chart with plotly.js, in its reader's light. Fetched when a reader wants one alive; the press's own browser
// draws the pictures that stand in the page until then with the same lines.
"use strict";
window.pressDrawing = (() => {
  const HAN = "'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC'";
  const FONTS = `-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', ${HAN}, Arial, sans-serif`;
  const NARROW = 520; // px of drawing width below which a chart gives its margins to its marks

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

  const mapColours = (value, change) =>
    typeof value === "string" ? (isColour(value) ? change(value) : value)
    : Array.isArray(value) ? value.map((one) => mapColours(one, change))
    : value && typeof value === "object" && !ArrayBuffer.isView(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapColours(one, change)]))
    : value;

  // --- a chart as this page draws it ---

  function prepared(spec, template, { width, night }) {
    const layout = { font: {}, ...spec.layout, template, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", title: undefined, width: undefined };
    const base = (template && template.layout) || {};
    layout.font = { color: "#3a4550", ...base.font, ...layout.font, family: FONTS };
    const narrow = width < NARROW;
    const margin = { ...base.margin, ...layout.margin };
    layout.margin = { ...margin, l: Math.min(margin.l ?? 80, narrow ? 8 : 80), r: Math.min(margin.r ?? 80, narrow ? 16 : 80), b: Math.min(margin.b ?? 80, 60), t: margin.t ?? 24 };
    const figure = { data: spec.data, layout };
    if (!night) return figure;
    const turnedOver = mapColours(figure, turned);
    turnedOver.layout.paper_bgcolor = turnedOver.layout.plot_bgcolor = "rgba(0,0,0,0)";
    return turnedOver;
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

  async function draw(plot, spec, template, night) {
    const stage = plot.querySelector(".stage") ?? Object.assign(document.createElement("div"), { className: "stage" });
    plot.style.height = `${plot.querySelector("picture") ? plot.getBoundingClientRect().height : plot.dataset.height}px`;
    const { data, layout } = prepared(spec, template, { width: plot.clientWidth, night });
    plot.append(stage);
    await Plotly.react(stage, data, { ...layout, autosize: true }, { responsive: true, displayModeBar: false, scrollZoom: false, doubleClick: false });
    await fitted(stage);
    plot.classList.add("drawn");
  }

  return { draw, fitted, fonts: FONTS, makeRoomForPlotly, prepared, turned };
})();
