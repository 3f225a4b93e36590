// What the press's own browser draws before a page is opened. Needs plotly.js and drawing.js, and is published nowhere.
"use strict";
window.pressDraw = (() => {
  const drawing = window.pressDrawing;
  const KEPT = new Set(["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "opacity", "font-size", "font-weight", "font-style", "text-anchor", "text-decoration", "white-space"]);
  const DEFAULTS = { "fill-opacity": "1", "stroke-opacity": "1", opacity: "1", "font-weight": "normal", "font-style": "normal", "font-variant": "normal", "white-space": "pre" };
  const DRAWN = new Set(["path", "text", "rect", "circle", "image", "use", "line", "polygon", "polyline", "ellipse"]);
  const HEX = (colour) => colour.replace(/rgb\((\d+), ?(\d+), ?(\d+)\)/g, (_, ...rgb) => "#" + rgb.slice(0, 3).map((c) => (+c).toString(16).padStart(2, "0")).join(""));
  const short = (numbers) => numbers.replace(/-?\d*\.\d{3,}(e-?\d+)?/g, (n) => String(Math.round(n * 100) / 100));

  function slim(svg) {
    for (const node of [...svg.querySelectorAll("*")]) {
      const style = node.style ?? {};
      for (const name of [...style]) {
        const value = HEX(style.getPropertyValue(name));
        if (KEPT.has(name) && value !== DEFAULTS[name]) node.setAttribute(name, value);
      }
      for (const { name, value } of [...node.attributes]) {
        if (["class", "style", "data-notex", "data-unformatted", "data-math", "xml:space"].includes(name) || (value === DEFAULTS[name] && name !== "text-anchor")) node.removeAttribute(name);
        else if (["d", "transform", "x", "y", "width", "height", "points"].includes(name)) node.setAttribute(name, short(value));
      }
    }
    for (let bare = [1]; bare.length; bare.forEach((node) => node.remove()))
      bare = [...svg.querySelectorAll("*")].filter((node) => !node.closest("defs") && !node.firstChild && (node.tagName === "g" || seen(node) === false));
    for (const defs of svg.querySelectorAll("defs g:empty")) defs.remove();
    for (const group of svg.querySelectorAll("g")) if (!group.attributes.length) group.replaceWith(...group.childNodes);
    [...svg.querySelectorAll("path")].forEach(still);
    for (const path of [...svg.querySelectorAll("path")]) join(path);
    return svg;
  }

  // A path in its place instead of moved there; a dot as the end of a line of no length: a tenth of the bytes.
  function still(path) {
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

  async function picture(spec, template, width, height) {
    const stage = document.body.appendChild(document.createElement("div"));
    const { data, layout } = drawing.prepared(spec, template, { width });
    await Plotly.newPlot(stage, data, { ...layout, width, height }, { staticPlot: true });
    await drawing.fitted(stage);
    const text = Plotly.Snapshot.toSVG(stage, "svg");
    Plotly.purge(stage);
    stage.remove();
    const svg = slim(new DOMParser().parseFromString(text, "image/svg+xml").documentElement);
    for (const name of ["class", "style"]) svg.removeAttribute(name);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("font-family", drawing.fonts);
    if (!HAN.test(svg.textContent)) svg.setAttribute("font-variant", "proportional-width");
    return named(svg);
  }

  // --- the picture that travels alone: with its title, its source and white paper under it ---

  const pen = document.createElement("canvas").getContext("2d");
  function lines(text, font, width) {
    pen.font = font;
    const words = text.match(/[\u2e80-\uffef][，。；：！？、》）”]*|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? [];
    return words.reduce((all, word) => {
      const last = all[all.length - 1] + word;
      if (pen.measureText(last.trimEnd()).width <= width || !all[all.length - 1]) all[all.length - 1] = last;
      else all.push(word);
      return all;
    }, [""]);
  }

  const atMost = (count, all) => (all.length > count ? [...all.slice(0, count - 1), `${all[count - 1].trimEnd()}…`] : all);
  const escaped = (text) => clean(text).replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
  const written = (texts, size, top, look) => texts.map((text, n) => `<text x="0" y="${top + size + n * size * 1.45}" font-size="${size}" ${look}>${escaped(text.trim())}</text>`).join("");

  const faces = (text) => `font-family="${escaped(drawing.fonts)}"${HAN.test(text) ? "" : ' font-variant="proportional-width"'}`;

  function alone(svg, { title, source, width, height }) {
    const heading = title ? lines(title, `700 20px ${drawing.fonts}`, width) : [];
    const foot = source ? lines(source, `12px ${drawing.fonts}`, width) : [];
    const top = heading.length * 29 + 14;
    const all = top + height + 10 + foot.length * 17.4 + 4;
    const inner = svg.replace("<svg ", `<svg y="${top}" `);
    return {
      width: width + 48,
      height: Math.ceil(all) + 48,
      svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 48}" height="${Math.ceil(all) + 48}" viewBox="-24 -24 ${width + 48} ${Math.ceil(all) + 48}" ${faces(title + source + svg)}><rect x="-24" y="-24" width="100%" height="100%" fill="#fff"/><rect x="-24" y="-24" width="100%" height="5" fill="#14508c"/>${written(heading, 20, 0, 'font-weight="700" fill="#1b2330"')}${inner}${written(foot, 12, top + height + 10, 'fill="#566273"')}</svg>`,
    };
  }

  // The preview of a link: the chart under its title, in the shape that everybody shows previews in.
  function card(svg, title) {
    const heading = atMost(2, lines(title, `700 44px ${drawing.fonts}`, 1104));
    const top = 64 + heading.length * 64;
    const inner = svg.replace(/^<svg ([^>]*?)width="[^"]*" height="[^"]*"/, `<svg $1x="0" y="${top - 48}" width="1104" height="${582 - top}"`);
    return {
      width: 1200,
      height: 630,
      svg: `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="-48 -48 1200 630" ${faces(title)}><rect x="-48" y="-48" width="100%" height="100%" fill="#fff"/><rect x="-48" y="-48" width="100%" height="10" fill="#14508c"/>${written(heading, 44, 0, 'font-weight="700" fill="#1b2330"')}${inner}</svg>`,
    };
  }

  // The same for a page without charts: its title, on a cover.
  function cover({ title, source }) {
    const look = 'fill="#fff"';
    const heading = atMost(4, lines(title, `700 68px ${drawing.fonts}`, 1008));
    const head = atMost(1, lines(source, `30px ${drawing.fonts}`, 1008));
    return {
      width: 1200,
      height: 630,
      svg: `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="-96 -96 1200 630" ${faces(title + source)}><rect x="-96" y="-96" width="100%" height="100%" fill="#14508c"/>${written(head, 30, 0, look)}<rect y="76" width="1008" height="3" ${look}/>${written(heading, 68, 118, `font-weight="700" ${look}`)}</svg>`,
    };
  }

  async function raster({ svg, width, height }, scale) {
    const image = new Image(width, height);
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
    const brush = canvas.getContext("2d");
    brush.scale(scale, scale);
    brush.drawImage(image, 0, 0, width, height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    const reader = new FileReader();
    return new Promise((resolve) => {
      reader.onload = () => resolve(reader.result.split(",")[1]);
      reader.readAsDataURL(blob);
    });
  }

  return async ({ data, layout, template, title, source, height, wide, narrow, first }) => {
    if (!data) return { texts: {}, pictures: { "card.png": await raster(cover({ title, source }), 1) } };
    const spec = { data, layout };
    const one = await picture(spec, template, wide, height);
    const share = alone(one, { title, source, width: wide, height });
    const pictures = { "share.png": raster(share, 2), ...(first && { "card.png": raster(card(one, title), 1) }) }; // while the next is drawn
    const small = await picture(spec, template, narrow, height);
    for (const [name, painted] of Object.entries(pictures)) pictures[name] = await painted;
    return { texts: { "wide.svg": one, "wide-dark.svg": dark(one), "narrow.svg": small, "narrow-dark.svg": dark(small), "share.svg": share.svg }, pictures };
  };
})();
