// Pictures of pages that can be compared on any machine: reduced to a quarter, so that of letters only their grey is left,
// and compared block by block, the less strictly the more is going on in a block. What is plain (a border, a tint, the
// ground around an icon) must be the same to a few shades; where there are letters, their edges may be blended otherwise.
import { createRequire } from 'node:module';

const { PNG } = createRequire(import.meta.url)('pngjs');

const REDUCED = 4; // pixels of the page a pixel of the picture
const BLOCK = 4; // pixels of the picture
const SHADES = 4; // apart, so that the files are small
const REACH = 1.5; // pixels of the page that a letter's edge may stand elsewhere
const PLAIN = 0.8; // mean difference that is allowed in a block without any contrast
const PER_CONTRAST = 0.3; // and more for each shade of its standard deviation
const LETTERS = 8; // such a deviation and more: one block alone may be a letter that stands otherwise

// A screenshot → a small picture: { width, height, data }, three bytes a pixel. `scale`: device pixels a pixel of the page.
export function reduce(screenshot, scale = 1) {
	const from = PNG.sync.read(screenshot);
	const by = REDUCED * scale;
	const [width, height] = [Math.ceil(from.width / by), Math.ceil(from.height / by)];
	const data = Buffer.alloc(width * height * 3);
	for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
		const sums = [0, 0, 0];
		let count = 0;
		for (let v = y * by; v < Math.min((y + 1) * by, from.height); v++) for (let u = x * by; u < Math.min((x + 1) * by, from.width); u++, count++)
			for (let c = 0; c < 3; c++) sums[c] += from.data[(v * from.width + u) * 4 + c];
		for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = Math.min(255, Math.round(sums[c] / count / SHADES) * SHADES);
	}
	return { width, height, data };
}

export const encode = ({ width, height, data }) => {
	const png = new PNG({ width, height, colorType: 2, inputColorType: 2, inputHasAlpha: false });
	png.data = data;
	return PNG.sync.write(png, { colorType: 2, inputColorType: 2, inputHasAlpha: false, deflateLevel: 9 });
};

export function decode(bytes) {
	const { width, height, data } = PNG.sync.read(bytes);
	return { width, height, data: Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => data[Math.floor(i / 3) * 4 + i % 3])) };
}

// How far a value of `now` is from what `kept` has there, or has up to REACH beside it.
function apart(now, kept, x, y, c) {
	const at = (u, v) => kept.data[(v * kept.width + u) * 3 + c];
	const value = now.data[(y * now.width + x) * 3 + c];
	const own = at(x, y);
	let [low, high] = [own, own];
	for (let v = Math.max(0, y - 1); v <= Math.min(kept.height - 1, y + 1); v++) for (let u = Math.max(0, x - 1); u <= Math.min(kept.width - 1, x + 1); u++) {
		const beside = own + (at(u, v) - own) * REACH / REDUCED;
		if (beside < low) low = beside;
		if (beside > high) high = beside;
	}
	return Math.max(0, low - value, value - high);
}

// The mean of that over a block, and how much is going on there: of the channel that has most of it.
function look(now, kept, left, top) {
	const [right, bottom] = [Math.min(left + BLOCK, now.width, kept.width), Math.min(top + BLOCK, now.height, kept.height)];
	const count = (right - left) * (bottom - top);
	let [difference, contrast] = [0, 0];
	for (let c = 0; c < 3; c++) {
		let [sum, squares, all] = [0, 0, 0];
		for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) {
			const value = kept.data[(y * kept.width + x) * 3 + c];
			sum += value;
			squares += value * value;
			all += apart(now, kept, x, y, c);
		}
		difference = Math.max(difference, all / count);
		contrast = Math.max(contrast, Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)));
	}
	return { difference, contrast };
}

// → the blocks of `now` that are not as `kept` has them: { x, y } in pixels of the page, with by how much.
export function changedBlocks(now, kept) {
	const found = [];
	for (let y = 0; y < Math.min(now.height, kept.height); y += BLOCK) for (let x = 0; x < Math.min(now.width, kept.width); x += BLOCK) {
		const { difference, contrast } = look(now, kept, x, y);
		const allowed = PLAIN + PER_CONTRAST * contrast;
		if (difference > allowed) found.push({ x: x * REDUCED, y: y * REDUCED, difference, allowed, contrast });
	}
	const isBeside = (one, other) => one !== other && Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y)) <= BLOCK * REDUCED;
	return found.filter((one) => one.contrast < LETTERS || found.some((other) => isBeside(one, other)));
}

// What was kept, pale, and the changed blocks as they are now.
export function differencePicture(now, kept, changed) {
	const data = Buffer.from(kept.data.map((value) => 255 - (255 - value) / 4));
	for (const { x, y } of changed) for (let v = y / REDUCED; v < Math.min(y / REDUCED + BLOCK, now.height, kept.height); v++)
		for (let u = x / REDUCED; u < Math.min(x / REDUCED + BLOCK, now.width, kept.width); u++)
			now.data.copy(data, (v * kept.width + u) * 3, (v * now.width + u) * 3, (v * now.width + u + 1) * 3);
	return { width: kept.width, height: kept.height, data };
}
