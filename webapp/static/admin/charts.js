"use strict";
// Draws the data of `data-chart` with uPlot. Lines differ in dashes and markers and are labelled, so that they can be
// distinguished without colour; a table below each chart has the same figures.
const marqueeCharts = (() => {
  const DASHES = [[], [8, 5], [2, 4], [12, 4, 2, 4]];
  const HEIGHT = 260, GAP = 14, DAY = 86400;
  const drawn = new Map();
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const inks = () => [style("--ink"), style("--accent"), style("--muted"), style("--bulb")];
  const font = (ratio = 1) => `${Math.round(12 * ratio)}px ${style("--sans") || "sans-serif"}`;

  // A mark at every point: disc, square, triangle, cross.
  const MARKS = [
    (path, x, y, r) => path.arc(x, y, r, 0, 2 * Math.PI),
    (path, x, y, r) => path.rect(x - r, y - r, 2 * r, 2 * r),
    (path, x, y, r) => { path.moveTo(x, y - r); path.lineTo(x + r, y + r); path.lineTo(x - r, y + r); path.closePath(); },
    (path, x, y, r) => { path.rect(x - r, y - r / 3, 2 * r, r / 1.5); path.rect(x - r / 3, y - r, r / 1.5, 2 * r); },
  ];
  const marks = (n) => (u, series) => {
    const { ctx } = u, path = new Path2D(), r = 3.5 * devicePixelRatio, [xs, ys] = [u.data[0], u.data[series]];
    xs.forEach((x, place) => {
      if (ys[place] === null) return;
      const one = new Path2D();
      MARKS[n](one, u.valToPos(x, "x", true), u.valToPos(ys[place], "y", true), r);
      path.addPath(one);
    });
    ctx.save();
    ctx.fillStyle = u.series[series]._ink;
    ctx.fill(path);
    ctx.restore();
    return false;
  };

  // The name of each line next to its last point; overlapping names are moved apart.
  const names = (u) => {
    const { ctx } = u, ends = [];
    u.series.forEach((series, n) => {
      if (!n) return;
      let last = u.data[n].length - 1;
      while (last >= 0 && u.data[n][last] === null) last -= 1;
      if (last >= 0) ends.push({ text: series.label, ink: series._ink, x: u.valToPos(u.data[0][last], "x", true), y: u.valToPos(u.data[n][last], "y", true) });
    });
    ends.sort((one, other) => one.y - other.y);
    ctx.save();
    ctx.font = font(devicePixelRatio);
    ctx.textBaseline = "middle";
    let above = -Infinity;
    for (const end of ends) {
      const y = above = Math.max(end.y, above + GAP * devicePixelRatio);
      const x = end.x + 8 * devicePixelRatio, fits = x + ctx.measureText(end.text).width <= ctx.canvas.width;
      ctx.fillStyle = end.ink;
      ctx.textAlign = fits ? "left" : "right";
      ctx.fillText(end.text, fits ? x : ctx.canvas.width - 2, fits ? y : y - GAP * devicePixelRatio);
    }
    ctx.restore();
  };

  const options = (told, width) => {
    const [ink, , muted] = inks(), line = style("--line");
    const longest = Math.max(...told.series.map((one) => one.name.length), 4);
    const axis = { stroke: muted, font: font(), grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    const moments = new Intl.DateTimeFormat("en-GB", { timeZone: told.zone, ...(told.x.at(-1) - told.x[0] > 2 * DAY ? { day: "numeric", month: "short" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }) });
    const dates = (u, ticks) => ticks.map((tick) => moments.format(tick * 1000));
    const whole = (u, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : ""));
    const [from, to] = [told.x[0], told.x.at(-1)];
    return {
      width, height: HEIGHT, pxAlign: 0, tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), told.zone),
      padding: [10, Math.min(7 * longest + 14, width / 3), 0, 0],
      legend: { show: false }, cursor: { show: false }, select: { show: false },
      scales: { x: { time: told.time, range: () => (from === to ? [from - (told.time ? DAY : 1), to + (told.time ? DAY : 1)] : [from, to]) } },
      axes: [{ ...axis, space: told.time ? 96 : 50, values: told.time ? dates : whole }, { ...axis, size: 74 }],
      series: [{}, ...told.series.map((one, n) => ({ label: one.name, stroke: inks()[n] ?? ink, width: 2, dash: DASHES[n], points: { show: marks(n) }, _ink: inks()[n] ?? ink }))],
      hooks: { draw: [names] },
    };
  };

  const draw = (box, told = JSON.parse(box.dataset.chart)) => {
    drawn.get(box)?.chart.destroy();
    drawn.delete(box);
    if (!told.x.length) return;
    const data = [told.x, ...told.series.map((one) => one.values)];
    const made = options(told, box.clientWidth || 600);
    const chart = new uPlot(made, data, box);
    chart.series.forEach((series, n) => { series._ink = made.series[n]._ink; });
    chart.redraw();
    drawn.set(box, { chart, told });
    box.dataset.drawn = "";
  };
  const again = () => { for (const [box, { told }] of [...drawn]) draw(box, told); };

  const widths = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      const known = drawn.get(target);
      if (known && target.clientWidth && target.clientWidth !== known.chart.width) draw(target, known.told);
    }
  });
  const begin = (box) => { draw(box); widths.observe(box); };
  document.querySelectorAll("[data-chart]").forEach(begin);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return { begin, draw };
})();
