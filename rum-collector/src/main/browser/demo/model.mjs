// A body of points that turns: drawn when the connection is good, still when it is not.
const PARTS = [['head', 0, 1.62, 0.11, 0.13], ['chest', 0, 1.3, 0.22, 0.16], ['core', 0, 1.05, 0.18, 0.16], ['arms', -0.33, 1.2, 0.07, 0.3],
  ['arms', 0.33, 1.2, 0.07, 0.3], ['legs', -0.13, 0.5, 0.1, 0.45], ['legs', 0.13, 0.5, 0.1, 0.45]];

function points() {
  const all = [];
  for (const [, x, y, width, height] of PARTS) {
    for (let i = 0; i < 150; i++) {
      const up = 2 * ((i * 0.618034) % 1) - 1, around = i * 2.399963;
      const r = Math.sqrt(1 - up * up);
      all.push([x + width * r * Math.cos(around), y + height * up, width * 0.8 * r * Math.sin(around)]);
    }
  }
  return all;
}

/** Draws into an element; moves only if asked to. */
export function draw(parent, moves) {
  const canvas = document.createElement('canvas');
  canvas.width = 480;
  canvas.height = 480;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', 'A body, its muscles as points');
  parent.replaceChildren(canvas);
  const pen = canvas.getContext('2d');
  const body = points();
  const frame = (angle) => {
    pen.clearRect(0, 0, 480, 480);
    const c = Math.cos(angle), s = Math.sin(angle);
    for (const [x, y, z] of body) {
      const depth = z * c - x * s;
      pen.fillStyle = `rgba(179,38,30,${0.55 + 0.9 * depth})`;
      pen.fillRect(240 + 250 * (x * c + z * s), 470 - 255 * y, 3, 3);
    }
  };
  frame(0.4);
  if (!moves) return;
  let last = 0;
  const step = (now) => {
    if (!canvas.isConnected) return;
    if (now - last > 66 && document.visibilityState === 'visible') {
      last = now;
      frame(now / 2500);
    }
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
