/*
 * Runs tests/expressions/cases.tsv over web/js/expr.js: `node tests/expressions/run.mjs`. The trees in the last
 * column are those the C test holds its export to, so both evaluators see the same trees and must give the same.
 */
import fs from "node:fs";
import vm from "node:vm";

/* As a page loads it: a plain script that sets one global. */
vm.runInThisContext(fs.readFileSync(new URL("../../web/js/expr.js", import.meta.url), "utf8"));
const expr = globalThis.VentanillaExpr;

const names = new Map();

function value(name, text) {
	const type = names.get(name);
	if (type === "list") return text ? text.split(",") : null;
	return expr.read(type, text);
}

function environment(answers) {
	const given = new Map(answers.split(";").map((a) => a.trim()).filter(Boolean).map((a) => {
		const at = a.indexOf("=");
		return [a.slice(0, at), a.slice(at + 1)];
	}));
	return {
		today: expr.read("date", "2026-11-24"),
		get(name, row) {
			if (names.get(name) === "group") {
				const rows = [...given].filter(([k]) => k.startsWith(name + ".")).map(([, v]) => v.split("|").length);
				return BigInt(Math.max(0, ...rows));
			}
			if (!given.has(name)) return null;
			const text = given.get(name);
			return value(name, row >= 0 && name.includes(".") ? text.split("|")[row] || "" : text);
		},
	};
}

function decimal(n, places) {
	const sign = n < 0n ? "-" : "";
	const digits = (n < 0n ? -n : n).toString().padStart(places + 1, "0");
	return sign + digits.slice(0, -places) + "." + digits.slice(-places);
}

function shown(type, v) {
	if (v === null) return "-";
	switch (type) {
	case "yes/no": return v ? "yes" : "no";
	case "amount": return decimal(v, 2);
	case "number": return decimal(v, 6).replace(/\.?0+$/, "");
	case "percentage": return decimal(v, 4).replace(/\.?0+$/, "");
	case "date": return new Date(Number(v) * 86400000).toISOString().slice(0, 10);
	case "list": return v.join(",");
	default: return String(v);
	}
}

let cases = 0, failed = 0;
fs.readFileSync(new URL("cases.tsv", import.meta.url), "utf8").split("\n").forEach((line, i) => {
	if (line.startsWith("@ ")) {
		const [id, type] = line.slice(2).split("\t");
		names.set(id, type);
		return;
	}
	if (!line || line.startsWith("#")) return;
	const [source, answers, type, result, tree] = line.split("\t");
	if (type === "error") return;
	cases++;
	const is = shown(type, expr.evaluate(JSON.parse(tree), environment(answers)));
	if (is === result) return;
	failed++;
	console.log(`cases.tsv:${i + 1}: ${source}: expected ${result}, is ${is}`);
});
console.log(`${cases} cases, ${failed} failed`);
process.exit(failed || cases < 100 ? 1 : 0);
