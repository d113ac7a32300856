// The targets of a page that are less than `least` CSS pixels wide or high; of similar ones, the first `alike` are measured.
({ least, alike }) => {
  const SELECTOR = 'a[href], button, input:not([type=hidden]), select, textarea, summary, '
    + '[role=button], [role=slider], [role=option], [role=tab], [role=switch]';
  const root = document.documentElement;
  root.style.scrollBehavior = 'auto';
  const seen = (e) => {
    const box = e.getBoundingClientRect();
    return e.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1
      && box.bottom + scrollY > 0 && !e.closest('.unseen') && !e.disabled && !e.closest('[inert]');
  };
  // In a sentence: the text of the nearest block goes on before or behind the link.
  const inline = (e) => {
    if (e.tagName !== 'A' || getComputedStyle(e).display !== 'inline') return false;
    let block = e.parentElement;
    while (getComputedStyle(block).display === 'inline') block = block.parentElement;
    const copy = block.cloneNode(true);
    copy.querySelectorAll('a, button, form, details, .unseen').forEach((one) => one.remove());
    return (copy.textContent.match(/\p{L}{2,}/gu) ?? []).length > 1;
  };
  // How far the target extends from its middle, as a pointer finds it: with pseudo-elements, labels and what covers it.
  const extent = (e) => {
    e.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const parts = [e, ...(e.labels ?? []), ...(e.closest('.stars') ? [e.closest('.stars')] : [])];
    const inside = (one) => one.closest('a, button, summary, select');
    const own = (x, y) => {
      const hit = document.elementFromPoint(x, y);
      return hit !== null && parts.some((part) => part.contains(hit)) && (e.contains(hit) || inside(hit) === inside(e));
    };
    const middle = (r) => [Math.round(r.left + r.width / 2), Math.round(r.top + r.height / 2)];
    const start = [e.getBoundingClientRect(), ...e.getClientRects()].map(middle).find(([x, y]) => own(x, y));
    if (!start) return [0, 0];
    const reach = (dx, dy) => {
      let far = 0;
      while (far < least && own(start[0] + dx * (far + 2), start[1] + dy * (far + 2))) far += 2;
      return far;
    };
    return [reach(-1, 0) + reach(1, 0) + 2, reach(0, -1) + reach(0, 1) + 2];
  };
  const large = new Set(), small = [], times = new Map();
  for (const e of document.querySelectorAll(SELECTOR)) {
    if (!seen(e)) continue;
    const box = e.getBoundingClientRect();
    if (box.width >= least && box.height >= least) { if (e.href) large.add(e.href); continue; }
    if (inline(e)) continue;
    const kind = [e.tagName, e.className, e.parentElement.className, Math.round(box.height)].join(' ');
    times.set(kind, (times.get(kind) ?? 0) + 1);
    if (times.get(kind) > alike) continue;
    const [width, height] = extent(e);
    if (width < least - 1 || height < least - 1) small.push([e, `${width}×${height}`]);
  }
  scrollTo(0, 0);
  return small.filter(([e]) => !(e.href && large.has(e.href)))
    .map(([e, size]) => `${size}: ${e.outerHTML.replace(/\s+/g, ' ').slice(0, 160)}`);
}
