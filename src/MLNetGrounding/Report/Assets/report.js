"use strict";

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { gridHeight, gridWidth } = data;
  const cells = gridHeight * gridWidth;
  // Without annotations nothing is scored, and nothing is said of scores.
  const scored = data.scores.some((method) => method.mean.count > 0);
  // An evaluation from elsewhere may lack it.
  const hasEqualArea = data.scores.some((method) => method.mean.equalArea[0] !== null);
  const areaText = `${Number((100 * data.equalArea).toPrecision(3))} %`;
  const paddingMeaning =
    "the map is largest where the model was shown no image, because the image does not fill its input. Models often leave attention that they need nowhere else in such places (attention sinks), so a peak there points at nothing. Colors and region are scaled by that value: what the map says of the image is paler than without it. Areas count what lies in the image alone.";
  const pageSize = 48;
  const areaBins = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, Infinity];
  const areaLabels = ["1", "2", "5", "10", "20", "50", "100"]; // per cent
  const none = "–";

  // ---- small helpers -------------------------------------------------------------------------------------------------------------

  const byId = (id) => document.getElementById(id);

  // Every text comes in as a text node, so that no name of a file, label or query is ever read as markup.
  function element(name, properties = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key === "class") node.className = value;
      else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value !== undefined && value !== null) node.setAttribute(key, value);
    }
    node.append(...children);
    return node;
  }

  function bytesOf(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
    return bytes;
  }

  const percent = (share) => (share === null ? none : `${(100 * share).toFixed(1)} %`);
  const score = (value) => (value === null ? none : value.toFixed(value < 100 ? 1 : 0));
  // Scores that the report does not know may be of any scale.
  const plainNumber = (value) => (value === null ? none : String(Number(value.toPrecision(3))));
  const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
  const colors = bytesOf(data.colors);

  // ---- state ---------------------------------------------------------------------------------------------------------------------

  const state = { method: 0, attribute: "all", outcome: "all", order: scored ? "high" : "file", search: "", onlyHeads: false };
  let entries = [];
  let shown = 0;
  const opened = { entry: 0, image: 0, query: 0, method: 0, layer: -1 };

  // ---- pictures ------------------------------------------------------------------------------------------------------------------

  const addresses = new Map();
  function addressOf(index) {
    if (!addresses.has(index)) {
      addresses.set(index, URL.createObjectURL(new Blob([bytesOf(data.images[index].picture)], { type: data.pictureType })));
    }
    return addresses.get(index);
  }

  const decodedMaps = new Map();
  function mapOf(image, method, query) {
    if (!decodedMaps.has(image)) decodedMaps.set(image, bytesOf(data.images[image].maps));
    const start = (method * data.queries.length + query) * cells;
    return decodedMaps.get(image).subarray(start, start + cells);
  }

  // A picture with a canvas over it. The canvas is drawn when it comes into view and when its size changes.
  const drawings = new WeakMap();
  const sizes = new ResizeObserver((items) => items.forEach((item) => redraw(item.target)));
  function picture(index, drawing, label) {
    const image = data.images[index];
    const canvas = element("canvas");
    const photo = element("img", { src: addressOf(index), alt: "", decoding: "async" });
    const stack = element("span", { class: "stack", role: "img", "aria-label": label }, photo, canvas);
    stack.style.setProperty("--ratio", image.width / image.height);
    stack.classList.toggle("under-map", Boolean(drawing.map));
    drawings.set(canvas, { image, stack, ...drawing });
    sizes.observe(canvas);
    return stack;
  }

  function redraw(canvas) {
    const drawing = drawings.get(canvas);
    const width = Math.round(canvas.clientWidth * devicePixelRatio);
    const height = Math.round(canvas.clientHeight * devicePixelRatio);
    if (!drawing || width === 0 || height === 0) return;
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d");
    const { image } = drawing;
    // Where the whole grid lies on the picture, from the row's geometry; the grid reaches over the edge where the picture was padded.
    const [left, top, right, bottom] = image.place;
    const grid = { x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height };
    const unit = Math.max(Math.max(width, height) / 480, 0.75);
    darkenUnseen(context, grid, width, height);
    if (drawing.map) drawMap(context, drawing.map, grid);
    if (drawing.region) drawRegion(context, drawing.region, grid, unit, width, height);
    if (drawing.box && image.box) drawBox(context, image.box, unit, width, height);
    if (drawing.points) drawPoints(context, image, drawing.points, drawing.region, unit, width, height);
  }

  function darkenUnseen(context, grid, width, height) {
    context.fillStyle = "rgb(16 16 20 / 75%)";
    context.beginPath();
    context.rect(0, 0, width, height);
    context.rect(grid.x, grid.y, grid.width, grid.height);
    context.fill("evenodd");
  }

  const scratch = document.createElement("canvas");
  function drawMap(context, map, grid) {
    scratch.width = gridWidth;
    scratch.height = gridHeight;
    const small = scratch.getContext("2d");
    const pixels = small.createImageData(gridWidth, gridHeight);
    for (let cell = 0; cell < cells; cell++) {
      const value = map[cell];
      pixels.data.set(colors.subarray(3 * value, 3 * value + 3), 4 * cell);
      // As in the figures of the library: the root lets middling values be seen, the color still tells them apart.
      pixels.data[4 * cell + 3] = Math.round(255 * 0.8 * Math.sqrt(value / 255));
    }
    small.putImageData(pixels, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(scratch, grid.x, grid.y, grid.width, grid.height);
  }

  function inRegion(map, row, column) {
    return row >= 0 && row < gridHeight && column >= 0 && column < gridWidth && map[row * gridWidth + column] >= data.regionByte;
  }

  function drawRegion(context, map, grid, unit, width, height) {
    if (!map.some((value) => value > 0)) return;
    const inset = unit;
    const x = (column) => Math.min(Math.max(grid.x + (column * grid.width) / gridWidth, inset), width - inset);
    const y = (row) => Math.min(Math.max(grid.y + (row * grid.height) / gridHeight, inset), height - inset);
    const visible = (from, to) => to - from > 0.5;
    context.beginPath();
    for (let row = 0; row < gridHeight; row++) {
      for (let column = 0; column < gridWidth; column++) {
        if (!inRegion(map, row, column)) continue;
        const [left, top, right, bottom] = [x(column), y(row), x(column + 1), y(row + 1)];
        if (!visible(left, right) || !visible(top, bottom)) continue;
        const line = (x1, y1, x2, y2) => { context.moveTo(x1, y1); context.lineTo(x2, y2); };
        const open = (otherRow, otherColumn) => !inRegion(map, otherRow, otherColumn);
        if (open(row - 1, column)) line(left, top, right, top);
        if (open(row + 1, column)) line(left, bottom, right, bottom);
        if (open(row, column - 1)) line(left, top, left, bottom);
        if (open(row, column + 1)) line(right, top, right, bottom);
      }
    }
    stroke(context, "#ffffff", 2 * unit, unit);
  }

  function drawBox(context, [x, y, boxWidth, boxHeight], unit, width, height) {
    context.beginPath();
    context.rect(x * width, y * height, boxWidth * width, boxHeight * height);
    context.setLineDash([6 * unit, 4 * unit]);
    stroke(context, "#6fd3ff", 2 * unit, unit, "butt");
    context.setLineDash([]);
  }

  function drawPoints(context, image, points, map, unit, width, height) {
    for (const index of points) {
      const point = image.points[index];
      if (!point) continue;
      const [x, y, cell] = [point[0] * width, point[1] * height, point[2]];
      context.beginPath();
      if (!map) {
        context.arc(x, y, 3.5 * unit, 0, 2 * Math.PI);
        stroke(context, "#ffffff", 2 * unit, unit);
      } else if (cell >= 0 && map.some((value) => value > 0) && map[cell] >= data.regionByte) {
        context.arc(x, y, 6.5 * unit, 0, 2 * Math.PI);
        context.fillStyle = "#2fe6c8";
        context.fill();
        stroke(context, "#ffffff", 2 * unit, unit);
      } else {
        const arm = 6 * unit;
        context.moveTo(x - arm, y - arm);
        context.lineTo(x + arm, y + arm);
        context.moveTo(x - arm, y + arm);
        context.lineTo(x + arm, y - arm);
        stroke(context, "#ff5a4e", 3.5 * unit, unit);
      }
    }
  }

  // A line with a dark rim, which shows on any picture.
  function stroke(context, color, width, unit, cap = "round") {
    context.lineCap = cap;
    context.lineJoin = "round";
    context.strokeStyle = "rgb(16 16 20 / 75%)";
    context.lineWidth = width + 2 * unit;
    context.stroke();
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }

  // ---- summary -------------------------------------------------------------------------------------------------------------------

  const interval = (estimate, format) =>
    estimate[0] === null ? "not scored" : estimate[1] === null ? "" : `${Math.round(100 * data.confidence)} % interval ${format(estimate[1])} to ${format(estimate[2])}`;

  function tile(name, value, note) {
    // A number and its sign stay on one line.
    return element("div", {}, element("dt", {}, name), element("dd", {}, value, element("small", {}, note.replaceAll(" %", "\u00a0%"))));
  }

  // A bar from 0 to the value with the interval as a whisker; the numbers are beside it and, the interval, in its name.
  function measure(estimate, largest, format) {
    const bar = element("span", { class: "bar", role: "img", "aria-label": interval(estimate, format) || format(estimate[0]), title: interval(estimate, format) });
    if (estimate[0] !== null) {
      const fill = element("i");
      fill.style.width = `${Math.min(100, (100 * estimate[0]) / largest)}%`;
      bar.append(fill);
      if (estimate[1] !== null) {
        const whisker = element("b");
        whisker.style.left = `${(100 * estimate[1]) / largest}%`;
        whisker.style.width = `${(100 * (Math.min(estimate[2], largest) - estimate[1])) / largest}%`;
        bar.append(whisker);
      }
    }
    return element("td", {}, element("div", { class: "measure" }, element("span", {}, format(estimate[0])), bar));
  }

  function scoreRow(name, scores, largest) {
    return element("tr", {},
      element("th", { scope: "row" }, name),
      element("td", { class: "number" }, scores.count.toLocaleString("en")),
      ...(hasEqualArea ? [measure(scores.equalArea, 1, percent)] : []),
      measure(scores.hitRate, 1, percent),
      measure(scores.area, largest.area, percent),
      measure(scores.mpir, largest.mpir, score),
      ...scores.further.map((estimate) => element("td", { class: "number", title: interval(estimate, plainNumber) }, plainNumber(estimate[0]))));
  }

  // What a method is compared with: numbers without bars, which would dwarf the method's.
  const baselineNames = {
    "Chance.OneCell": "Chance, one cell",
    "Chance.5%": "Chance, 5 % of the image",
    WholeImage: "Whole image",
    GroundTruthBox: "Ground-truth box",
    RandomInBox: "Random place in the box",
    CenterGaussian: "Center of the image",
    MeanPartPosition: "Mean position of the part",
  };
  const number = (text) => element("td", {}, element("div", { class: "measure" }, element("span", {}, text)));
  function baselineRow(baseline) {
    const name = baseline.kind === "SwappedQuery" ? "Maps of another part" : (baselineNames[baseline.name] ?? baseline.name);
    return element("tr", { class: "baseline" },
      element("th", { scope: "row", title: baseline.description }, name),
      element("td", { class: "number" }, baseline.mean.count.toLocaleString("en")),
      ...(hasEqualArea ? [number(percent(baseline.mean.equalArea[0]))] : []),
      number(percent(baseline.mean.hitRate[0])), number(percent(baseline.mean.area[0])), number(score(baseline.mean.mpir[0])),
      ...baseline.mean.further.map((estimate) => element("td", { class: "number" }, plainNumber(estimate[0]))));
  }

  // What a map reaches at equal area whose cells are in random order.
  const orderChance = data.equalAreaChance.at(-1) ?? null;
  function chanceRow(method) {
    if (!hasEqualArea || orderChance === null) return [];
    return [element("tr", { class: "baseline" },
      element("th", { scope: "row", title: "cells in random order, with the area that whole cells attain" }, "Chance at equal area"),
      element("td", { class: "number" }, method.mean.count.toLocaleString("en")),
      number(percent(orderChance)), number(none), number(none), number(none),
      ...data.furtherScores.map(() => element("td", { class: "number" }, none)))];
  }

  function showPadding() {
    const count = data.peaksOutside[state.method];
    byId("padding-note").hidden = count === 0;
    byId("padding-note").textContent = `In ${plural(count, "map")} of ${(data.total * data.queries.length).toLocaleString("en")} the peak lies in the padding: ${paddingMeaning}`;
    byId("padding-legend").hidden = !data.images.some((image) => image.peakOutside[state.method].some(Boolean));
    byId("padding-legend").lastElementChild.textContent = `means that ${paddingMeaning}`;
  }

  function showSummary() {
    showPadding();
    const method = data.scores[state.method];
    // How the method's maps score on other parts, and what does not look at the picture.
    const baselines = data.baselines.filter((each) =>
      each.kind === "SwappedQuery" ? each.name === `${method.name}.Swapped` : !each.name.endsWith(".OnePoint"));
    byId("method-description").textContent = method.description;
    byId("method-description").hidden = !method.description;
    const images = (note) => tile("Images", data.total.toLocaleString("en"), [
      data.failed > 0 ? `${data.failed} more could not be computed` : "",
      data.constantMaps > 0 ? `${data.constantMaps} maps are the same everywhere and have no region` : "",
    ].filter((each) => each).join("; ") || note);
    byId("scores").hidden = !scored;
    if (!scored) {
      byId("tiles").replaceChildren(images(plural(data.queries.length, "question") + " each"));
      byId("table-note").textContent =
        `Not scored: no image has a visible key point of what was asked for. A region is where the map, scaled from 0 to 1, is at least ${data.threshold}.`;
      return;
    }
    byId("tiles").replaceChildren(
      ...(hasEqualArea
        ? [tile(`Hit rate at equal area (${areaText} of the image)`, percent(method.mean.equalArea[0]),
          [interval(method.mean.equalArea, percent), orderChance === null ? "" : `chance ${percent(orderChance)}`].filter(Boolean).join("; "))]
        : []),
      tile("Hit rate of the region", percent(method.mean.hitRate[0]), interval(method.mean.hitRate, percent)),
      tile("Median area of the region", percent(method.mean.area[0]), interval(method.mean.area, percent)),
      tile("mPIR", score(method.mean.mpir[0]), interval(method.mean.mpir, score)),
      images(plural(method.mean.count, "scored question")));
    const rows = [...method.attributes, method.mean];
    const top = (key) => Math.max(1e-9, ...rows.map((row) => Math.max(row[key][0] ?? 0, row[key][2] ?? 0)));
    const largest = { mpir: top("mpir"), area: Math.min(1, top("area")) };
    byId("equal-area-heading").textContent = `Equal area, ${areaText}`;
    const fixed = byId("table").tHead.rows[0].cells;
    fixed[2].hidden = !hasEqualArea;
    byId("table").tHead.rows[0].replaceChildren(
      ...[...fixed].slice(0, 6),
      ...data.furtherScores.map((each) => element("th", { scope: "col", class: "number", title: each.description }, each.name)));
    byId("table").tBodies[0].replaceChildren(...method.attributes.map((each) => scoreRow(each.name, each, largest)));
    byId("table").tFoot.replaceChildren(
      scoreRow("Mean", method.mean, largest),
      ...chanceRow(method),
      ...baselines.map(baselineRow));
    byId("table-note").textContent =
      (hasEqualArea ? `Equal area: of each map its largest values, until they cover ${areaText} of the image; a hit if a visible key point lies among them. No scaling changes it, so methods compare. ` : "") +
      `A region is where the map, scaled from 0 to 1, is at least ${data.threshold}; a hit if it holds a visible key point. mPIR is 1 / area for a hit and 0 for a miss: it proves little alone, since a region of any size placed at random scores 1 on average.` +
      (method.mean.mpir[1] === null ? "" : ` Whiskers: ${Math.round(100 * data.confidence)} % intervals, bootstrapped over images.`) +
      data.furtherScores.filter((each) => each.description).map((each) => ` ${each.name}: ${each.description}.`).join("");
  }

  // ---- attributes ----------------------------------------------------------------------------------------------------------------

  function outcomeOf(image, query, method = state.method) {
    const hit = data.images[image].hit[method][query];
    return hit === null ? "none" : hit ? "hit" : "miss";
  }

  function histogram(query) {
    const bins = areaBins.map(() => ({ hit: 0, miss: 0 }));
    data.images.forEach((image, index) => {
      const outcome = outcomeOf(index, query);
      if (outcome !== "none") bins[areaBins.findIndex((edge) => image.area[state.method][query] < edge || edge === Infinity)][outcome]++;
    });
    const largest = Math.max(1, ...bins.map((bin) => bin.hit + bin.miss));
    const columns = bins.map((bin, index) => {
      const column = element("span", { title: `${index ? areaLabels[index - 1] : 0} to ${areaLabels[index]} % of the image: ${plural(bin.hit, "hit")}, ${bin.miss} ${bin.miss === 1 ? "miss" : "misses"}` });
      for (const outcome of ["hit", "miss"]) {
        const part = element("i", { class: outcome });
        part.style.height = `${(100 * bin[outcome]) / largest}%`;
        column.append(part);
      }
      return column;
    });
    const words = bins.map((bin, index) => `up to ${areaLabels[index]} %: ${bin.hit} and ${bin.miss}`).join("; ");
    return [
      element("div", { class: "histogram", role: "img", "aria-label": `Hits and misses by area. ${words}` }, ...columns),
      element("div", { class: "ticks", "aria-hidden": "true" }, ...areaLabels.map((label) => element("span", {}, label))),
    ];
  }

  // One line for each method, so that they can be compared attribute by attribute.
  function comparison(query) {
    if (data.methods.length < 2) return [];
    const key = hasEqualArea ? "equalArea" : "mpir";
    const format = hasEqualArea ? percent : score;
    const rows = data.scores.map((method) => method.attributes[query][key]);
    const largest = Math.max(1e-9, ...rows.map((estimate) => estimate[2] ?? estimate[0] ?? 0));
    return [element("div", { class: "dots", role: "group", "aria-label": hasEqualArea ? "Hit rate at equal area by method" : "mPIR by method" }, ...rows.map((estimate, method) => {
      const track = element("span", { class: "dot-track", title: interval(estimate, format) });
      if (estimate[0] !== null) {
        if (estimate[1] !== null) {
          const whisker = element("b");
          whisker.style.left = `${(100 * estimate[1]) / largest}%`;
          whisker.style.width = `${(100 * (estimate[2] - estimate[1])) / largest}%`;
          track.append(whisker);
        }
        const dot = element("i");
        dot.style.left = `${(100 * estimate[0]) / largest}%`;
        track.append(dot);
      }
      return element("div", method === state.method ? { class: "current" } : {},
        element("span", { class: "name", title: data.methods[method] }, data.methods[method]), track, element("span", { class: "number" }, format(estimate[0])));
    }))];
  }

  function showPanels() {
    byId("attributes-section").hidden = !scored;
    if (!scored) return;
    byId("panels").classList.toggle("compare", data.methods.length > 1);
    byId("panels").replaceChildren(...data.queries.map((name, query) => {
      const counts = { hit: 0, miss: 0, none: 0 };
      data.images.forEach((_, image) => counts[outcomeOf(image, query)]++);
      const { equalArea, mpir } = data.scores[state.method].attributes[query];
      const button = (outcome, word) => element("button", {
        type: "button", class: "quiet", "aria-label": `Show ${counts[outcome].toLocaleString("en")} ${word} of ${name}`, onclick: () => filterTo(String(query), outcome),
      }, `${counts[outcome].toLocaleString("en")} ${word}`);
      const all = element("button", { type: "button", class: "quiet", "aria-label": `Show images of ${name}`, onclick: () => filterTo(String(query), "all") }, "Show images");
      const known = counts.hit + counts.miss > 0;
      return element("li", {},
        element("h3", {}, name, element("small", {}, !known ? "not scored" : hasEqualArea ? `${percent(equalArea[0])} at ${areaText}` : `mPIR ${score(mpir[0])}`)),
        ...comparison(query),
        ...(known ? histogram(query) : []),
        element("div", { class: "panel-actions" }, ...(known ? [button("hit", counts.hit === 1 ? "hit" : "hits"), button("miss", counts.miss === 1 ? "miss" : "misses")] : [all])));
    }));
  }

  function filterTo(attribute, outcome) {
    state.attribute = attribute;
    state.outcome = outcome;
    state.search = "";
    state.onlyHeads = false;
    state.order = outcome === "miss" ? "large" : "high";
    writeFilters();
    filter();
    byId("gallery-heading").focus({ preventScroll: true });
    byId("gallery-heading").scrollIntoView();
  }

  // ---- gallery -------------------------------------------------------------------------------------------------------------------

  function writeFilters() {
    byId("attribute").value = state.attribute;
    byId("order").value = state.order;
    byId("search").value = state.search;
    byId("only-heads").checked = state.onlyHeads;
    document.querySelector(`input[name=outcome][value=${state.outcome}]`).checked = true;
  }

  function filter() {
    const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
    const queries = state.attribute === "all" ? data.queries.map((_, query) => query) : [Number(state.attribute)];
    entries = [];
    data.images.forEach((image, index) => {
      const text = `${image.name} ${image.label}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) return;
      if (state.onlyHeads && !image.layers) return;
      for (const query of queries) {
        if (state.outcome === "all" || outcomeOf(index, query) === state.outcome) entries.push({ image: index, query });
      }
    });
    const value = (entry, key) => data.images[entry.image][key][state.method][entry.query] ?? -1;
    const orders = {
      high: (a, b) => value(b, "mpir") - value(a, "mpir") || value(a, "area") - value(b, "area"),
      low: (a, b) => value(a, "mpir") - value(b, "mpir") || value(b, "area") - value(a, "area"),
      large: (a, b) => value(b, "area") - value(a, "area"),
      file: () => 0,
    };
    // Not scored comes last, whatever the order.
    const known = (entry) => value(entry, "mpir") >= 0;
    entries.sort((a, b) => (state.order === "file" ? 0 : known(b) - known(a)) || orders[state.order](a, b));
    shown = 0;
    byId("cards").replaceChildren();
    showMore();
    document.documentElement.dataset.ready = "true";
  }

  function showMore(focusFirst = false) {
    const from = shown;
    shown = Math.min(shown + pageSize, entries.length);
    const cards = entries.slice(from, shown).map((entry, index) => card(entry, from + index));
    byId("cards").append(...cards);
    byId("more").hidden = shown >= entries.length;
    const images = new Set(entries.map((entry) => entry.image)).size;
    byId("count").textContent = entries.length === 0
      ? "No image fits. Choose another outcome or attribute."
      : `${plural(entries.length, "map")} of ${plural(images, "image")}${shown < entries.length ? `, the first ${shown} shown` : ""}${data.images.length < data.total ? ` (the report holds ${data.images.length} of ${data.total} images: the first, and those with layers and heads)` : ""}.`;
    if (focusFirst && cards.length > 0) cards[0].firstChild.focus();
  }

  const outcomeWords = { hit: "hit", miss: "miss", none: "not scored" };
  function chip(outcome) {
    return element("span", { class: `chip ${outcome}` }, outcomeWords[outcome]);
  }

  const equalAreaWords = (image, query, method) => {
    const hit = data.images[image].equalArea[method][query];
    return hit === null ? "" : hit ? `at ${areaText}: hit` : `at ${areaText}: miss`;
  };
  // Why an image can be opened down to its heads.
  const reasonsOf = (image) => (image.layers ? [...(image.reasons ?? []), "layers and heads"] : []);

  function card(entry, position) {
    const image = data.images[entry.image];
    const outcome = outcomeOf(entry.image, entry.query);
    const mpir = image.mpir[state.method][entry.query];
    const area = image.area[state.method][entry.query];
    const map = mapOf(entry.image, state.method, entry.query);
    const name = data.queries[entry.query];
    const numbers = outcome === "none" ? `area ${percent(area)}` : `mPIR ${score(mpir)}, area ${percent(area)}`;
    const equalArea = equalAreaWords(entry.image, entry.query, state.method);
    const outside = image.peakOutside[state.method][entry.query] === 1;
    const reasons = reasonsOf(image);
    const line = (...content) => element("span", { class: "card-line" }, ...content);
    // No label of its own: what a voice says is what stands there.
    const parts = [
      line(element("b", {}, name), ...(scored ? [pause(), chip(outcome)] : [])),
      element("span", { class: "card-name", title: image.name }, image.label || image.name),
      line(element("span", {}, numbers)),
      ...(equalArea ? [line(element("span", {}, equalArea))] : []),
      ...(outside ? [line(element("span", { class: "chip padding" }, "peak in the padding"))] : []),
    ];
    return element("li", {}, element("button", { type: "button", class: "card", onclick: () => open(position) },
      element("span", { class: "card-picture", "aria-hidden": "true" }, picture(entry.image, { map, region: map, points: data.points[entry.query] }, name)),
      element("span", { class: "card-text" }, ...parts.flatMap((part, index) => (index === 0 ? [part] : [pause(), part]))),
      ...(reasons.length > 0
        ? [pause(), element("span", { class: "card-marks" }, ...reasons.flatMap((reason, index) => [...(index === 0 ? [] : [pause()]), element("span", { class: "chip mark-chip" }, reason)]))]
        : [])));
  }

  // Parts the words of a control for those who hear them.
  const pause = () => element("span", { class: "unseen" }, ", ");

  // ---- one image -----------------------------------------------------------------------------------------------------------------

  const dialog = byId("detail");

  function open(position) {
    opened.entry = position;
    opened.image = entries[position].image;
    opened.query = entries[position].query;
    opened.method = state.method;
    opened.layer = -1;
    showDetail();
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    byId("detail-title").focus();
  }

  function showDetail() {
    const image = data.images[opened.image];
    byId("detail-title").textContent = image.name;
    byId("detail-label").textContent = [image.label, `${image.width} × ${image.height} pixels`, ...(image.reasons ?? [])].filter(Boolean).join(", ");
    byId("previous").disabled = opened.entry === 0;
    byId("next").disabled = opened.entry >= entries.length - 1;
    byId("detail-queries").replaceChildren(...data.queries.map((name, query) => choice(name, outcomeOf(opened.image, query, opened.method), query === opened.query, () => {
      opened.query = query;
      showDetail();
      byId("detail-queries").children[query].focus();
    })));
    byId("detail-methods-block").hidden = data.methods.length < 2;
    byId("detail-methods").replaceChildren(...data.methods.map((name, method) => choice(name, outcomeOf(opened.image, opened.query, method), method === opened.method, () => {
      opened.method = method;
      showDetail();
      byId("detail-methods").children[method].focus();
    })));
    const mask = image.mask ? bytesOf(image.mask) : null;
    byId("detail-mask-block").hidden = !mask;
    byId("detail-mask").replaceChildren(...(mask ? [picture(opened.image, { map: mask }, "coarse mask")] : []));
    showDetailPicture();
    showLayers();
  }

  function choice(name, outcome, pressed, onclick) {
    return element("button", { type: "button", class: outcome, "aria-pressed": String(pressed), "aria-label": scored ? `${name}, ${outcomeWords[outcome]}` : name, onclick }, name);
  }

  function showDetailPicture() {
    const image = data.images[opened.image];
    const map = mapOf(opened.image, opened.method, opened.query);
    const checked = (id) => byId(id).checked;
    byId("detail-picture").replaceChildren(picture(opened.image, {
      map: checked("show-map") ? map : null,
      region: checked("show-region") ? map : null,
      points: checked("show-points") ? data.points[opened.query] : null,
      box: checked("show-box"),
    }, `${data.queries[opened.query]} in ${image.name}`));
    const outcome = outcomeOf(opened.image, opened.query, opened.method);
    const mpir = image.mpir[opened.method][opened.query];
    const area = image.area[opened.method][opened.query];
    const outside = image.peakOutside[opened.method][opened.query] === 1;
    byId("detail-padding").hidden = !outside;
    byId("detail-padding").textContent = outside ? `Peak in the padding: ${paddingMeaning}` : "";
    byId("detail-scores").replaceChildren(
      `${data.queries[opened.query]}${data.methods.length > 1 ? `, ${data.methods[opened.method]}` : ""} `, ...(scored ? [chip(outcome)] : []),
      element("span", { class: "big" }, outcome === "none" ? (scored ? none : percent(area)) : `mPIR ${score(mpir)}`),
      [
        scored && outcome === "none" ? "None of its key points is visible." : "",
        `The region covers ${percent(area)} of the image.`,
        image.equalArea[opened.method][opened.query] === null ? "" : `At equal area (${areaText}) it is a ${image.equalArea[opened.method][opened.query] ? "hit" : "miss"}.`,
      ].filter(Boolean).join(" "));
  }

  // ---- layers and heads ----------------------------------------------------------------------------------------------------------

  const details = new Map();
  async function detailOf(index) {
    if (!details.has(index)) {
      const packed = bytesOf(byId(`detail-${index}`).textContent.trim());
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
      const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
      const { layers, heads } = data.images[index].layers;
      const counts = [data.queries.length * layers * heads * cells, data.queries.length * layers * cells, ...Array(3).fill(data.queries.length * layers * heads)];
      let start = 0;
      const [attention, layerMaps, flags, entropy, compactness] = counts.map((count) => bytes.subarray(start, (start += count)));
      details.set(index, { layers, heads, attention, layerMaps, flags, entropy, compactness });
    }
    return details.get(index);
  }

  async function showLayers() {
    const has = Boolean(data.images[opened.image].layers);
    byId("no-layers").hidden = has;
    byId("detail-layers-block").hidden = !has;
    if (!has) return;
    byId("detail-constant").textContent = data.images[opened.image].layers.constantCells;
    const asked = { ...opened };
    const detail = await detailOf(opened.image);
    if (asked.image !== opened.image || asked.query !== opened.query) return;
    if (opened.layer < 0 || opened.layer >= detail.layers) opened.layer = detail.layers - 1;
    const block = (query, layer) => query * detail.layers + layer;
    byId("detail-layers").replaceChildren(...Array.from({ length: detail.layers }, (_, layer) => {
      const start = block(opened.query, layer);
      const map = detail.layerMaps.subarray(start * cells, (start + 1) * cells);
      const kept = detail.flags.subarray(start * detail.heads, (start + 1) * detail.heads).filter((flag) => flag & 1).length;
      return element("li", {}, element("button", {
        type: "button", class: "thumb", "aria-pressed": String(layer === opened.layer),
        onclick: () => { opened.layer = layer; showLayers().then(() => byId("detail-layers").children[layer].firstChild.focus()); },
      },
      element("span", { class: "card-picture", "aria-hidden": "true" }, picture(opened.image, { map }, `layer ${layer}`)),
      element("span", { class: "thumb-text" }, element("b", {}, `Layer ${layer}`), pause(), element("span", {}, `${kept} of ${detail.heads} heads`))));
    }));
    showHeads(detail, block(opened.query, opened.layer) * detail.heads);
  }

  function showHeads(detail, first) {
    byId("heads-heading").textContent = `Heads of layer ${opened.layer}`;
    byId("heads-note").textContent = `Where each head looks for “${data.queries[opened.query]}”, before head selection.`;
    byId("detail-heads").replaceChildren(...Array.from({ length: detail.heads }, (_, head) => {
      const index = first + head;
      const map = detail.attention.subarray(index * cells, (index + 1) * cells);
      const kept = Boolean(detail.flags[index] & 1);
      const reason = data.reasons.filter((_, bit) => detail.flags[index] & (2 << bit)).join(", ") || "not among the chosen heads";
      return element("li", { class: `thumb ${kept ? "kept" : "dropped"}` },
        element("span", { class: "card-picture" }, picture(opened.image, { map }, `head ${head}`)),
        element("span", { class: "thumb-text" },
          element("b", {}, `Head ${head}: ${kept ? "kept" : "dropped"}`),
          element("span", {}, `entropy ${(detail.entropy[index] / 100).toFixed(2)}`),
          element("span", {}, `compactness ${(detail.compactness[index] / 100).toFixed(2)}`),
          ...(data.heads ? [element("span", {}, overAll(opened.query, opened.layer * detail.heads + head))] : []),
          ...(kept ? [] : [element("span", { class: "reason" }, reason)])));
    }));
  }

  // ---- heads over all images -----------------------------------------------------------------------------------------------------

  const decimal = (value) => (value === null ? none : value.toFixed(2));
  const wholePercent = (value) => (value === null ? none : String(Math.round(100 * value)));
  const measures = [
    { key: "hitRate", name: `Hit rate at ${areaText}`, format: wholePercent, unit: " %", best: "highest", note: `The share of scored images in which the head's own map, alone, hits with its largest ${areaText} of the image.` },
    { key: "kept", name: "How often kept", format: wholePercent, unit: " %", best: "highest", note: "The share of images in which head selection keeps the head." },
    { key: "entropy", name: "Entropy", format: decimal, unit: "", best: "lowest", note: "The mean of what head selection judges by: 0 is one cell, 1 everywhere alike." },
    { key: "spatialEntropy", name: "Spatial entropy", format: decimal, unit: "", best: "lowest", note: "How scattered over separate places the head's attention above its mean is (Kang et al. 2025): 0 is one place. The mean of the images in which it looks at any." },
    { key: "compactness", name: "Compactness", format: decimal, unit: "", best: "highest", note: "The mean share of the active cells that the largest connected place holds: 1 is one place." },
  ];
  const headState = { query: 0, measure: null, head: 0 };
  const headName = (index) => `layer ${Math.floor(index / data.heads.heads)}, head ${index % data.heads.heads}`;

  function overAll(query, index) {
    const { kept, hitRate } = data.heads.queries[query];
    return [`all images: kept ${wholePercent(kept[index])}\u00a0%`, hitRate.length > 0 ? `hits ${wholePercent(hitRate[index])}\u00a0%` : ""].filter(Boolean).join(", ");
  }

  function showHeadMap() {
    const { layers, heads, queries } = data.heads;
    const query = queries[headState.query];
    const measure = headState.measure;
    const values = query[measure.key];
    const known = values.filter((value) => value !== null);
    // Shares begin at nothing; the others at their smallest, or all would look alike.
    const low = measure.format === wholePercent ? 0 : Math.min(...known);
    const high = Math.max(...known, low);
    const text = (value) => `${measure.format(value)}${value === null ? "" : measure.unit}`;
    const best = known.length === 0 ? -1 : values.indexOf(measure.best === "lowest" ? Math.min(...known) : Math.max(...known));
    headState.head = best < 0 ? 0 : best;
    const luck = measure.key === "hitRate" && query.bestByChance !== null ? query.bestByChance : null;
    byId("head-map-note").textContent = [
      `${plural(data.heads.images, "image")} with attention by layer and head.`,
      measure.note,
      measure.key === "hitRate" && query.chance !== null ? `Chance, maps with their cells in random order: ${percent(query.chance)}.` : "",
      luck !== null ? `The best of ${(layers * heads).toLocaleString("en")} heads that know nothing would reach ${percent(luck)} on ${plural(query.scored, "image")}; framed heads do better.` : "",
    ].filter(Boolean).join(" ");
    byId("head-map-legend").textContent = known.length === 0
      ? "No head has a value here."
      : `From ${text(low)}, plain, to ${text(high)}, deepest. ${measure.best === "lowest" ? "Lowest" : "Highest"}: ${ranked(values, measure.best).slice(0, 5).map((index) => `${headName(index)} (${text(values[index])})`).join("; ")}.`;
    byId("head-map").classList.toggle("roomy", heads <= 16);
    byId("head-map").tHead.replaceChildren(element("tr", { role: "row" },
      element("th", { scope: "col", role: "columnheader" }, "Layer"),
      ...Array.from({ length: heads }, (_, head) => element("th", { scope: "col", role: "columnheader", "aria-label": `Head ${head}` }, String(head)))));
    byId("head-map").tBodies[0].replaceChildren(...Array.from({ length: layers }, (_, layer) => element("tr", { role: "row" },
      element("th", { scope: "row", role: "rowheader", "aria-label": `Layer ${layer}` }, String(layer)),
      ...Array.from({ length: heads }, (_, head) => {
        const index = layer * heads + head;
        const value = values[index] ?? null;
        const cell = element("td", {
          role: "gridcell", tabindex: "-1", "aria-label": `${headName(index)}: ${text(value)}${luck !== null && value > luck ? ", better than chance would find" : ""}`, title: `${headName(index)}: ${text(value)}`,
          class: luck !== null && value > luck ? "above" : "",
        }, measure.format(value));
        cell.style.setProperty("--share", value === null || high <= low ? 0 : (value - low) / (high - low));
        return cell;
      }))));
    chooseHead(headState.head);
  }

  const ranked = (values, best) => values.map((_, index) => index).filter((index) => values[index] !== null)
    .sort((a, b) => (best === "lowest" ? values[a] - values[b] : values[b] - values[a]) || a - b);

  const headCell = (index) => byId("head-map").tBodies[0].rows[Math.floor(index / data.heads.heads)].cells[(index % data.heads.heads) + 1];

  function chooseHead(index, focus = false) {
    headCell(headState.head).tabIndex = -1;
    headCell(headState.head).setAttribute("aria-selected", "false");
    headState.head = index;
    headCell(index).tabIndex = 0;
    headCell(index).setAttribute("aria-selected", "true");
    if (focus) headCell(index).focus();
    const text = headName(index);
    byId("one-head-heading").textContent = text[0].toUpperCase() + text.slice(1);
    const shown = measures.filter((measure) => measure.key !== "hitRate" || scored);
    byId("one-head").tHead.replaceChildren(element("tr", {}, element("th", { scope: "col" }, "Attribute"),
      ...shown.flatMap((measure) => [element("th", { scope: "col", class: "number" }, measure.name), ...(measure.key === "hitRate" ? [element("th", { scope: "col", class: "number" }, "Chance")] : [])])));
    byId("one-head").tBodies[0].replaceChildren(...data.heads.queries.map((query) => element("tr", {},
      element("th", { scope: "row" }, query.name),
      ...shown.flatMap((measure) => {
        const value = query[measure.key][index] ?? null;
        const number = (content) => element("td", { class: "number" }, content);
        return [number(`${measure.format(value)}${value === null ? "" : measure.unit}`), ...(measure.key === "hitRate" ? [number(percent(query.chance))] : [])];
      }))));
  }

  function setUpHeadMap() {
    if (!data.heads) return;
    byId("head-map-section").hidden = false;
    const shown = measures.filter((measure) => measure.key !== "hitRate" || scored);
    headState.query = data.heads.queries.length - 1;
    headState.measure = shown[0];
    byId("head-query").append(...data.heads.queries.map((query, index) => element("option", { value: index }, query.name)));
    byId("head-query").value = headState.query;
    byId("head-measure").append(...shown.map((measure, index) => element("option", { value: index }, measure.name)));
    byId("head-query").addEventListener("change", () => { headState.query = Number(byId("head-query").value); showHeadMap(); });
    byId("head-measure").addEventListener("change", () => { headState.measure = shown[Number(byId("head-measure").value)]; showHeadMap(); });
    const indexOf = (cell) => (cell.parentElement.sectionRowIndex * data.heads.heads) + cell.cellIndex - 1;
    byId("head-map").addEventListener("click", (event) => {
      const cell = event.target.closest("td");
      if (cell) chooseHead(indexOf(cell), true);
    });
    byId("head-map").addEventListener("keydown", (event) => {
      const { layers, heads } = data.heads;
      const [layer, head] = [Math.floor(headState.head / heads), headState.head % heads];
      const steps = { ArrowLeft: [layer, head - 1], ArrowRight: [layer, head + 1], ArrowUp: [layer - 1, head], ArrowDown: [layer + 1, head], Home: [layer, 0], End: [layer, heads - 1], PageUp: [0, head], PageDown: [layers - 1, head] };
      const to = steps[event.key];
      if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const clamp = (value, count) => Math.min(Math.max(value, 0), count - 1);
      chooseHead(clamp(to[0], layers) * heads + clamp(to[1], heads), true);
    });
    showHeadMap();
  }

  // ---- the page ------------------------------------------------------------------------------------------------------------------

  function setUpTheme() {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
    const label = () => {
      byId("theme").setAttribute("aria-pressed", String(isDark()));
      byId("theme").textContent = "Dark";
    };
    // A page opened from a file may have no storage.
    try { root.dataset.theme = localStorage.getItem("grounding-theme") ?? ""; } catch { }
    if (!root.dataset.theme) delete root.dataset.theme;
    byId("theme").addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("grounding-theme", root.dataset.theme); } catch { }
      label();
    });
    system.addEventListener("change", label);
    label();
  }

  // What is out of view is not drawn until it is needed, and a printed page needs all of it.
  function setUpPrinting() {
    addEventListener("beforeprint", () => {
      document.documentElement.classList.add("printing");
      for (const image of document.querySelectorAll(".stack img")) image.decoding = "sync";
      for (const canvas of document.querySelectorAll(".stack canvas")) redraw(canvas);
    });
    addEventListener("afterprint", () => document.documentElement.classList.remove("printing"));
  }

  function setUpFilters() {
    const pointed = data.images.some((image) => image.points.some(Boolean));
    byId("outcome").hidden = !scored;
    byId("with-heads").hidden = !data.images.some((image) => image.layers);
    for (const mark of document.querySelectorAll(".about-points")) mark.hidden = !pointed;
    byId("show-points").parentElement.hidden = !pointed;
    byId("show-box").parentElement.hidden = !data.images.some((image) => image.box);
    if (!scored) {
      for (const order of ["high", "low"]) document.querySelector(`#order option[value=${order}]`).remove();
      byId("order").value = state.order;
    }
    byId("attribute").append(element("option", { value: "all" }, "All"), ...data.queries.map((name, query) => element("option", { value: query }, name)));
    byId("method").append(...data.methods.map((name, method) => element("option", { value: method }, name)));
    byId("method-label").hidden = data.methods.length < 2;
    byId("method").addEventListener("change", () => {
      state.method = Number(byId("method").value);
      showSummary();
      showPanels();
      filter();
    });
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("filters").addEventListener("input", () => {
      state.attribute = byId("attribute").value;
      state.order = byId("order").value;
      state.search = byId("search").value;
      state.onlyHeads = byId("only-heads").checked;
      state.outcome = document.querySelector("input[name=outcome]:checked").value;
      filter();
    });
    byId("more").addEventListener("click", () => showMore(true));
  }

  function setUpDialog() {
    const step = (by) => {
      const position = opened.entry + by;
      if (position < 0 || position >= entries.length) return;
      while (position >= shown) showMore();
      open(position);
    };
    byId("close").addEventListener("click", () => dialog.close());
    byId("previous").addEventListener("click", () => step(-1));
    byId("next").addEventListener("click", () => step(1));
    dialog.addEventListener("keydown", (event) => {
      if (event.target instanceof HTMLInputElement || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowLeft") step(-1);
      if (event.key === "ArrowRight") step(1);
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => byId("cards").children[opened.entry]?.firstChild.focus());
    for (const id of ["show-map", "show-region", "show-points", "show-box"]) byId(id).addEventListener("change", showDetailPicture);
  }

  byId("title").textContent = data.title;
  byId("description").textContent = data.description;
  setUpTheme();
  setUpFilters();
  setUpDialog();
  setUpPrinting();
  setUpHeadMap();
  showSummary();
  showPanels();
  filter();
})();
