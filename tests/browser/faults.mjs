// Checks that run inside a page: each answers with a list of faults in words. Nothing here knows of files or servers.

// Wider than the window, so that a reader must scroll sideways.
export const tooWide = () => {
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return over > 0 ? [`wider than the window by ${over} px`] : [];
};

// Every SVG text inside its frame, and none upon another.
export const chartText = () => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.chart')) {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0) continue;
    const boxes = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
    const name = svg.querySelector('title')?.textContent;
    boxes.forEach(([words, box], at) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
        found.push(`chart "${name}": "${words}" leaves the frame`);
      }
      for (const [others, other] of boxes.slice(at + 1)) {
        const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        if (across > 1 && down > 4) found.push(`chart "${name}": "${words}" upon "${others}"`);
      }
    });
    // A frame without a mark is a chart that shows nothing and says nothing.
    if (svg.querySelectorAll('path, circle').length === 0 || boxes.length === 0) found.push(`chart "${name}": empty frame`);
    if (/NaN|Infinity|undefined/.test(svg.innerHTML)) found.push(`chart "${name}": a place that is no number`);
    if (!(svg.querySelector('desc')?.textContent ?? '').trim()) found.push(`chart "${name}": no description`);
  }
  return found;
};

// Words that no page may show: what a program says where a value is missing.
export const brokenWords = () => {
  const words = document.querySelector('main')?.innerText ?? '';
  const found = words.match(/\b(NaN|-?inf|Infinity|undefined|null|None\(|Some\()/g) ?? [];
  const bad = [...new Set(found)].map((word) => `says "${word}"`);
  if (words.trim().length < 40) bad.push('shows nothing');
  return bad;
};

// Every element of a page that a keyboard must reach, in order.
export const focusable = () => {
  const all = [...document.querySelectorAll('a[href], summary, button, input, select, [tabindex="0"]')];
  const shown = all.filter((one) => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }));
  return shown.map((one, at) => { one.dataset.walk = String(at); return one.textContent.trim().slice(0, 40); });
};

// What has the focus now, and whether a reader can see that it has.
export const focused = () => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { at: one.dataset.walk ?? null, name: one.textContent.trim().slice(0, 40), ring, inside, size: box.width * box.height };
};

// On paper: nothing folded away, nothing cut off at the edge, no menu.
export const onPaper = () => {
  const found = [];
  for (const one of document.querySelectorAll('details')) {
    const inside = [...one.children].filter((child) => child.tagName !== 'SUMMARY');
    if (!inside.some((child) => child.checkVisibility() && child.getBoundingClientRect().height > 0)) {
      found.push(`folded away on paper: "${one.querySelector('summary')?.textContent}"`);
    }
  }
  const edge = document.documentElement.clientWidth + 1;
  for (const one of document.querySelectorAll('main table, main svg, main pre, main p')) {
    if (one.getBoundingClientRect().right > edge) {
      found.push(`cut off at the edge of the paper: ${one.tagName.toLowerCase()} "${one.textContent.trim().slice(0, 40)}"`);
    }
  }
  const says = [...document.querySelectorAll('.sheet, footer')].filter((one) => one.checkVisibility());
  if (!says.some((one) => /Data to .*Release [0-9a-f]{12}/s.test(one.textContent))) found.push('the paper does not say its release');
  if (document.querySelector('nav')?.getBoundingClientRect().height > 0) found.push('the menu is printed');
  return found;
};
