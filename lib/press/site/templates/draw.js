// What the press's own browser draws before a page is opened. Needs plotly.js, drawing.js and marks.js, and is published
// nowhere.
"use strict";
window.pressDraw = (() => {
  const drawing = window.pressDrawing;
  const KEPT = new Set(["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "opacity", "font-size", "font-weight", "font-style", "text-anchor", "text-decoration", "white-space", "display", "visibility", "fill-rule", "paint-order", "stop-color", "stop-opacity", "image-rendering", "dominant-baseline"]);
  const DEFAULTS = { "fill-opacity": "1", "stroke-opacity": "1", opacity: "1", "font-weight": "normal", "font-style": "normal", "font-variant": "normal", "white-space": "pre" };
  const UNSEEN = "defs, clipPath, mask, pattern, linearGradient, radialGradient"; // what is in them has another use than to be seen
  const DRAWN = new Set(["path", "text", "rect", "circle", "image", "use", "line", "polygon", "polyline", "ellipse"]);
  const HEX = (colour) => colour.replace(/rgb\((\d+), ?(\d+), ?(\d+)\)/g, (_, ...rgb) => "#" + rgb.slice(0, 3).map((c) => (+c).toString(16).padStart(2, "0")).join(""));
  const short = (numbers) => numbers.replace(/-?\d*\.\d{3,}(e-?\d+)?/g, (n) => String(Math.round(n * 100) / 100));

  function slim(svg) {
    for (const node of [...svg.querySelectorAll("*")]) {
      const style = node.style ?? {};
      for (const name of [...style]) {
        const value = HEX(style.getPropertyValue(name)).replace(/url\(["']?(#[^"')]*)["']?\)/, "url($1)");
        if (KEPT.has(name) && value !== DEFAULTS[name]) node.setAttribute(name, value);
      }
      for (const { name, value } of [...node.attributes]) {
        if (["class", "style", "data-notex", "data-unformatted", "data-math", "xml:space"].includes(name) || (value === DEFAULTS[name] && name !== "text-anchor")) node.removeAttribute(name);
        else if (["d", "transform", "x", "y", "width", "height", "points"].includes(name)) node.setAttribute(name, short(value));
      }
    }
    for (let bare = [1]; bare.length; bare.forEach((node) => node.remove()))
      bare = [...svg.querySelectorAll("*")].filter((node) => !node.closest(UNSEEN) && !node.firstChild && (node.tagName === "g" || seen(node) === false));
    for (const defs of svg.querySelectorAll("defs g:empty")) defs.remove();
    for (const group of svg.querySelectorAll("g")) if (!group.attributes.length) group.replaceWith(...group.childNodes);
    [...svg.querySelectorAll("path")].forEach(inPlace);
    for (const path of [...svg.querySelectorAll("path")]) join(path);
    return svg;
  }

  // A path in its place instead of moved there; a dot as the end of a line of no length: a tenth of the bytes.
  function inPlace(path) {
    const [, x, y] = path.getAttribute("transform")?.match(/^translate\(([-\d.]+),([-\d.]+)\)$/) ?? [];
    if (x === undefined) return;
    const d = path.getAttribute("d");
    const moved = (left, up) => `M${short(String(+x + +left))},${short(String(+y + +up))}`;
    const radius = d.match(/^M([\d.]+),0A\1,\1 0 1,1 0,-\1A\1,\1 0 0,1 \1,0Z$/)?.[1];
    const line = d.match(/^M([-\d.]+),([-\d.]+)([a-z][^A-Z]*)?$/);
    if (radius && !+(path.getAttribute("stroke-width") ?? "0").replace("px", "")) {
      const fill = { stroke: path.getAttribute("fill"), "stroke-opacity": path.getAttribute("fill-opacity"), "stroke-width": 2 * radius, "stroke-linecap": "round", fill: "none", d: moved(0, 0) + "h0" };
      path.removeAttribute("fill-opacity");
      for (const [name, value] of Object.entries(fill)) if (value !== null) path.setAttribute(name, value);
    } else if (line) path.setAttribute("d", moved(line[1], line[2]) + (line[3] ?? ""));
    else return;
    path.removeAttribute("transform");
  }

  // Neighbours that look the same become one path.
  function join(path) {
    const look = (node) => [...node.attributes].filter(({ name }) => name !== "d").map(({ name, value }) => `${name}=${value}`).sort().join();
    const before = path.previousSibling;
    if (before?.tagName !== "path" || path.hasAttribute("transform") || look(before) !== look(path)) return;
    if (["opacity", "fill-opacity", "stroke-opacity"].some((name) => path.hasAttribute(name))) return; // where they overlap it would show
    path.setAttribute("d", before.getAttribute("d") + path.getAttribute("d"));
    before.remove();
  }

  function seen(node) {
    if (!DRAWN.has(node.tagName)) return null;
    const none = (paint) => node.getAttribute(paint) === "none" || node.getAttribute(`${paint}-opacity`) === "0";
    if (node.tagName === "path" && !node.getAttribute("d")) return false;
    if (node.tagName === "text") return false; // no words: slim() asks only of nodes without children
    if (node.tagName === "image" || node.tagName === "use") return null;
    return none("fill") && (none("stroke") || !node.getAttribute("stroke") || node.getAttribute("stroke-width") === "0") ? false : null;
  }

  // Ids are random; here they are counted, and those nobody asks for are gone.
  function named(svg) {
    let text = new XMLSerializer().serializeToString(svg);
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map((found) => found[1]);
    ids.forEach((id, n) => {
      const used = text.includes(`#${id})`) || text.includes(`"#${id}"`);
      text = used ? text.replaceAll(`"${id}"`, `"c${n}"`).replaceAll(`#${id})`, `#c${n})`).replaceAll(`"#${id}"`, `"#c${n}"`) : text.replace(` id="${id}"`, "");
    });
    return clean(text);
  }

  // What no XML may hold, a picture does not show; nor what would turn its neighbours around.
  const clean = (text) => text.replace(/[^\t\n\r -\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd").replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, "");
  const dark = (svg) => svg.replace(/#[0-9a-f]{6}\b(?!\))/g, (colour) => hex(drawing.turned(colour)));
  const hex = (colour) => HEX(colour.replaceAll(",", ", "));

  // Where only a Han face is installed, an apostrophe in English must not stand a Han wide.
  const HAN = /[\u2e80-\u9fff]/;
  const faces = (text) => `font-family="${escaped(drawing.fonts)}"${HAN.test(text) ? "" : ' font-variant="proportional-width"'}`;
  const escaped = (text) => clean(text).replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

  // --- one picture, and what its marks say ---

  const TILES = /^(scatter|choropleth|density)map(box)?$/; // the kinds of traces that are drawn on a map's tiles
  const PATIENCE = 10_000; // ms: what is not drawn by then waits for something that no page asks for
  const MOST_POINTS = 5_000; // a cloud of no more is drawn as vectors, whatever the figure says: sharp, and it can be asked

  const still = (trace) => (trace.type === "scattergl" && (trace.x ?? trace.y ?? []).length <= MOST_POINTS ? { ...trace, type: "scatter" } : trace);
  const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error("it was not drawn within 10 seconds")), PATIENCE));

  async function plotted(stage, spec, template, { narrow, width, height }) {
    if (spec.data.some(({ type }) => TILES.test(type ?? ""))) throw new Error("its map is made of tiles from elsewhere, which no page fetches");
    const { data, layout } = drawing.prepared(spec, template, { narrow });
    const hoverlabel = { ...layout.hoverlabel, namelength: -1 };
    const hovermode = layout.hovermode === false ? false : "closest";
    const isStill = !data.some(({ type }) => type === "choropleth"); // that one answers a pointer alone
    const all = { ...layout, hoverlabel, hovermode, width, height };
    await Promise.race([Plotly.newPlot(stage, data.map(still), all, { staticPlot: isStill, displayModeBar: false }), late()]);
    await drawing.fitted(stage);
  }

  function slimmed(text, width, height) {
    const svg = slim(new DOMParser().parseFromString(text, "image/svg+xml").documentElement);
    for (const name of ["class", "style"]) svg.removeAttribute(name);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("font-family", drawing.fonts);
    if (!HAN.test(svg.textContent)) svg.setAttribute("font-variant", "proportional-width");
    return named(svg);
  }

  // In the place of a chart that cannot be drawn: why there is none, instead of nothing.
  function blank({ undrawn }, width, height) {
    const text = written(lines(undrawn, `15px ${drawing.fonts}`, width - 48), 15, 0, SOFT);
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${faces(undrawn)}><path fill="none" stroke="#8b96a3" stroke-dasharray="4 4" d="M1,1H${width - 1}V${height - 1}H1Z"/><svg x="24" y="24" overflow="visible">${text}</svg></svg>`;
  }

  async function picture(spec, template, words, size, known) {
    const stage = document.body.appendChild(document.createElement("div"));
    try {
      await plotted(stage, spec, template, size);
      const marks = pressMarks.read(stage, known);
      const links = pressMarks.links(stage, marks);
      const problems = unmapped(stage);
      return { svg: slimmed(Plotly.Snapshot.toSVG(stage, "svg"), size.width, size.height), marks, links, problems };
    } catch (error) {
      const problem = `it cannot be drawn: ${error?.message ?? error}`;
      return { svg: blank(words, size.width, size.height), marks: new Map(), links: [], problems: [problem] };
    } finally {
      Plotly.purge(stage);
      stage.remove();
    }
  }

  // What a map lacks, because it would come from another machine.
  const GROUND = ["showcoastlines", "showland", "showocean", "showlakes", "showrivers", "showcountries", "showsubunits"];
  function unmapped(stage) {
    const layout = stage._fullLayout;
    const maps = Object.keys(layout).filter((name) => /^geo\d*$/.test(name) && layout[name].visible !== false);
    const named = stage._fullData.filter(({ type, locationmode }) => /geo$|^choropleth$/.test(type) && locationmode && locationmode !== "geojson-id");
    if (named.length) return ["the shapes of its places would come from another machine, which no page asks: it is drawn without them"];
    const grounds = maps.filter((name) => GROUND.some((part) => layout[name][part]));
    return grounds.length ? ["its coasts and borders would come from another machine, which no page asks: it is drawn without them"] : [];
  }

  // --- a picture that weighs too much as vectors becomes an image inside one, if that is lighter ---

  const HEAVY = 100_000; // bytes of an SVG: two thirds of what a whole page may weigh
  const bytes = (text) => new TextEncoder().encode(text).length;

  async function lightened(svg, { width, height }) {
    if (bytes(svg) <= HEAVY) return svg;
    const image = await raster({ svg, width, height }, 2, "image/webp");
    const light = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><image width="${width}" height="${height}" href="data:image/webp;base64,${image}"/></svg>`;
    return light.length < svg.length ? light : svg;
  }

  const kilobytes = (text) => `${Math.round(bytes(text) / 1000)} kB`;
  const weight = (svg, light) => {
    if (bytes(svg) <= HEAVY) return [];
    const instead = light === svg ? "" : `, so the page shows an image of ${kilobytes(light)} in its place`;
    return [`it weighs ${kilobytes(svg)} as a drawing${instead}: fewer points or bins keep a page light and its charts sharp`];
  };

  // --- the pictures that travel alone, on white paper: they say all that the page says around the chart ---

  const pen = document.createElement("canvas").getContext("2d");
  function lines(text, font, width) {
    pen.font = font;
    const words = text.match(/[\u2e80-\uffef][，。；：！？、》）”]*|[^\s\u2e80-\uffef]+?[/?&#-]+|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? [];
    return words.reduce((all, word) => {
      const last = all[all.length - 1] + word;
      if (pen.measureText(last.trimEnd()).width <= width || !all[all.length - 1]) all[all.length - 1] = last;
      else all.push(word);
      return all;
    }, [""]);
  }

  const LEADING = 1.45; // of its size, from one line to the next
  const atMost = (count, all) => (all.length > count ? [...all.slice(0, count - 1), `${all[count - 1].trimEnd()}…`] : all);
  const written = (texts, size, top, look) => texts.map((text, n) => `<text x="0" y="${top + size + n * size * LEADING}" font-size="${size}" ${look}>${escaped(text.trim())}</text>`).join("");
  const unlinked = (svg) => svg.replace(/<\/?a\b[^>]*>/g, ""); // a link that leads on from a page leads nowhere from elsewhere

  // Lines of words under each other, from `top` down.
  function stack(paragraphs, width, top) {
    let at = top;
    let svg = "";
    for (const { text, size, look, weight = 400, most = 99, gap = 0 } of paragraphs) {
      if (!text) continue;
      const texts = atMost(most, lines(text, `${weight} ${size}px ${drawing.fonts}`, width));
      svg += written(texts, size, at + gap, `font-weight="${weight}" ${look}`);
      at += gap + texts.length * size * LEADING;
    }
    return { svg, end: at };
  }

  const INK = 'fill="#1b2330"';
  const SOFT = 'fill="#566273"';
  const white = ({ width, height, pad, bar, words, inner }) => ({
    width,
    height,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-pad} ${-pad} ${width} ${height}" ${faces(words + inner)}><rect x="${-pad}" y="${-pad}" width="100%" height="100%" fill="#fff"/><rect x="${-pad}" y="${-pad}" width="100%" height="${bar}" fill="#14508c"/>${inner}</svg>`,
  });

  function alone(svg, { title, subtitle = "", source = "", address = "", width, height }) {
    const head = stack([{ text: title, size: 20, weight: 700, look: INK }, { text: subtitle, size: 14, look: SOFT, gap: 2 }], width, 0);
    const top = Math.ceil(head.end) + 14;
    const foot = stack([{ text: source, size: 12, look: SOFT }, { text: address, size: 12, look: SOFT, gap: 2 }], width, top + height + 10);
    const inner = `${head.svg}${unlinked(svg).replace("<svg ", `<svg y="${top}" `)}${foot.svg}`;
    return white({ width: width + 48, height: Math.ceil(foot.end) + 52, pad: 24, bar: 5, words: title + subtitle + source, inner });
  }

  // The preview of a link, in the shape that everybody shows previews in.
  function card(svg, { title, subtitle = "", source = "", address = "" }) {
    const head = stack([{ text: title, size: 40, weight: 700, look: INK, most: 2 }, { text: subtitle, size: 24, look: SOFT, most: 1, gap: 4 }], 1104, 0);
    const foot = stack([{ text: source, size: 20, look: SOFT, most: 1 }, { text: address, size: 20, look: SOFT, most: 1 }], 1104, 0);
    const top = Math.ceil(head.end) + 12;
    const bottom = 548 - Math.ceil(foot.end);
    const chart = unlinked(svg).replace(/^<svg ([^>]*?)width="[^"]*" height="[^"]*"/, `<svg $1x="0" y="${top}" width="1104" height="${bottom - top - 8}" preserveAspectRatio="xMinYMid"`);
    const inner = `${head.svg}${chart}<svg y="${bottom}" overflow="visible">${foot.svg}</svg>`;
    return white({ width: 1200, height: 630, pad: 48, bar: 10, words: title + subtitle + source, inner });
  }

  // The same for a page without charts: its title, on a cover.
  function cover({ title, source, address = "" }) {
    const look = 'fill="#fff"';
    const head = stack([{ text: source, size: 30, look, most: 1 }], 1008, 0);
    const heading = stack([{ text: title, size: 68, weight: 700, look, most: 4 }], 1008, 112);
    const foot = stack([{ text: address, size: 24, look, most: 1 }], 1008, 424);
    return {
      width: 1200,
      height: 630,
      svg: `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="-96 -96 1200 630" ${faces(title + source)}><rect x="-96" y="-96" width="100%" height="100%" fill="#14508c"/>${head.svg}<rect y="76" width="1008" height="3" ${look}/>${heading.svg}${foot.svg}</svg>`,
    };
  }

  async function raster({ svg, width, height }, scale, type = "image/png") {
    const image = new Image(width, height);
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
    const brush = canvas.getContext("2d");
    brush.scale(scale, scale);
    brush.drawImage(image, 0, 0, width, height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, type, 0.9));
    const reader = new FileReader();
    return new Promise((resolve) => {
      reader.onload = () => resolve(reader.result.split(",")[1]);
      reader.readAsDataURL(blob);
    });
  }

  // --- all of a chart ---

  async function drawn({ data, layout, template, narrow, sizes, has_card: hasCard, ...words }) {
    const spec = { data, layout, narrow };
    const wide = await picture(spec, template, words, { ...sizes.wide, narrow: false });
    const share = alone(wide.svg, { ...words, ...sizes.wide });
    const pictures = { "share.png": raster(share, 2) }; // while the next is drawn
    if (hasCard) pictures["card.png"] = raster(card(wide.svg, words), 1);
    const small = await picture(spec, template, words, { ...sizes.narrow, narrow: true }, wide.marks);
    const texts = { "share.svg": share.svg };
    const problems = [...new Set([...wide.problems, ...small.problems])];
    for (const [name, { svg }] of [["wide", wide], ["narrow", small]]) {
      texts[`${name}.svg`] = await lightened(svg, sizes[name]);
      texts[`${name}-dark.svg`] = await lightened(drawing.hasOwnGround(layout, template) ? svg : dark(svg), sizes[name]);
    }
    problems.push(...weight(wide.svg, texts["wide.svg"]));
    for (const [name, painted] of Object.entries(pictures)) pictures[name] = await painted;
    const marks = { tips: pressMarks.joined(wide.marks, small.marks), links: { wide: wide.links, narrow: small.links }, problems };
    return { texts, pictures, marks };
  }

  return async (chart) => (chart.data ? drawn(chart) : { texts: {}, pictures: { "card.png": await raster(cover(chart), 1) } });
})();
