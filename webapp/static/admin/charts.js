"use strict";
// Draws the data of `data-chart` with uPlot. Lines differ in dashes and markers, as in the legend above them, so that they
// can be distinguished without colour; a table below each chart has the same figures.
const marqueeCharts = (() => {
  const DASHES = [[], [8, 5], [2, 4], [12, 4, 2, 4]];
  const HEIGHT = 260, DIGIT = 8, DAY = 86400;
  const drawn = new Map();
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const inks = () => [style("--ink"), style("--accent"), style("--muted"), style("--bulb")];
  const font = () => `12px ${style("--sans") || "sans-serif"}`;

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

  const options = (told, width) => {
    const [ink, , muted] = inks(), line = style("--line");
    const axis = { stroke: muted, font: font(), grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    const moments = new Intl.DateTimeFormat("en-GB", { timeZone: told.zone, ...(told.x.at(-1) - told.x[0] > 2 * DAY ? { day: "numeric", month: "short" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }) });
    const dates = (u, ticks) => ticks.map((tick) => moments.format(tick * 1000));
    const whole = (u, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : ""));
    const suffix = told.unit === "%" || told.unit === "ms" ? `\u00a0${told.unit}` : "";
    const amounts = (u, ticks) => ticks.map((tick) => `${tick.toLocaleString("en", { maximumFractionDigits: 4 })}${suffix}`);
    const wide = (u, labels) => DIGIT * Math.max(...(labels ?? [""]).map((label) => label.length), 3) + 10;
    const [from, to] = [told.x[0], told.x.at(-1)];
    return {
      width, height: HEIGHT, pxAlign: 0, tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), told.zone),
      padding: [10, 14, 0, 0],
      legend: { show: false }, cursor: { show: false }, select: { show: false },
      scales: { x: { time: told.time, range: () => (from === to ? [from - (told.time ? DAY : 1), to + (told.time ? DAY : 1)] : [from, to]) } },
      axes: [{ ...axis, space: told.time ? 96 : 50, values: told.time ? dates : whole }, { ...axis, size: wide, values: amounts }],
      series: [{}, ...told.series.map((one, n) => ({ label: one.name, stroke: inks()[n] ?? ink, width: 2, dash: DASHES[n], points: { show: marks(n) }, _ink: inks()[n] ?? ink }))],
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
