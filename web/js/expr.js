/*
 * The browser's evaluator of definition expressions: the same tree (exported as JSON by expr_json.c), the same
 * results, held to it by tests/expressions/cases.tsv. Only for showing and hiding at once and for previews; the
 * server evaluates again and its answer counts.
 *
 *   VentanillaExpr.evaluate(tree, { get: function (name, row), today: days or null })
 *
 * get() gives what is answered: null for no answer, true or false, a string, an array of strings, a BigInt
 * (numbers in millionths, amounts in cents, percentages in millionths of one, dates in days since 1970, rows of a
 * group). VentanillaExpr.read(type, text) makes such a value of what stands in an input.
 */
(function (root) {
	"use strict";

	var MAX = BigInt("9223372036854775807"), MIN = BigInt("-9223372036854775808");
	var ZERO = BigInt(0), MILLION = BigInt(1000000);

	/* What passes int64 is no answer, as in C. */
	function bounded(n) {
		return n < MIN || n > MAX ? null : n;
	}

	/* a × b ÷ c, half away from zero. */
	function scale(a, b, c) {
		if (c === ZERO) return null;
		var product = a * b;
		if (c < ZERO) {
			product = -product;
			c = -c;
		}
		var half = c / BigInt(2);
		return bounded(product >= ZERO ? (product + half) / c : -((-product + half) / c));
	}

	/* Days since 1970 to [year, month, day]. */
	function civil(days) {
		var z = days + 719468, era = Math.floor(z / 146097), doe = z - era * 146097;
		var yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
		var doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
		var mp = Math.floor((5 * doy + 2) / 153), month = mp < 10 ? mp + 3 : mp - 9;
		return [yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - Math.floor((153 * mp + 2) / 5) + 1];
	}

	function age(born, today) {
		if (born === null || today === null || born > today) return null;
		var a = civil(Number(born)), b = civil(Number(today));
		var years = b[0] - a[0] - (b[1] < a[1] || (b[1] === a[1] && b[2] < a[2]) ? 1 : 0);
		return BigInt(years) * MILLION;
	}

	var compare = {
		"==": function (a, b) { return a === b; },
		"!=": function (a, b) { return a !== b; },
		"<": function (a, b) { return a < b; },
		"<=": function (a, b) { return a <= b; },
		">": function (a, b) { return a > b; },
		">=": function (a, b) { return a >= b; }
	};
	var DATE_FIRST = BigInt(-719162), DATE_LAST = BigInt(2932896);

	function inCalendar(day) {
		return day < DATE_FIRST || day > DATE_LAST ? null : day;
	}

	var compute = {
		"+": function (a, b) { return bounded(a + b); },
		"-": function (a, b) { return bounded(a - b); },
		"+d": function (a, b) { return inCalendar(a + b); },
		"-d": function (a, b) { return inCalendar(a - b); },
		"*": function (a, b) { return scale(a, b, MILLION); },
		"/": function (a, b) { return scale(a, MILLION, b); }
	};

	function overRows(tree, env, sum) {
		if (typeof tree[1] !== "string") { /* count(list) */
			var list = evaluate(tree[1], env);
			return list === null ? ZERO : BigInt(list.length) * MILLION;
		}
		var rows = env.get(tree[1], -1) || ZERO, total = ZERO;
		if (tree.length === 2) return rows * MILLION;
		for (var row = 0; row < Number(rows); row++) {
			var value = evaluate(tree[2], { get: env.get, today: env.today, row: row });
			if (!sum) value = value === true ? MILLION : ZERO;
			if (value === null) return null;
			total = bounded(total + value);
			if (total === null) return null;
		}
		return total;
	}

	function extreme(tree, env) {
		var best = evaluate(tree[1], env);
		for (var i = 2; i < tree.length && best !== null; i++) {
			var value = evaluate(tree[i], env);
			if (value === null || (tree[0] === "min" ? value < best : value > best)) best = value;
		}
		return best;
	}

	function round(value, step) {
		if (value === null) return null;
		var units = scale(value, BigInt(1), step);
		return bounded(units * step);
	}

	function isYes(tree, env) {
		return evaluate(tree, env) === true;
	}

	function evaluate(tree, env) {
		if (tree === true || tree === false) return tree;
		var op = tree[0], a, b;
		switch (op) {
		case "n": return BigInt(tree[1]);
		case "t": return tree[1];
		case "f":
			if (tree[1] === "today") return env.today === undefined ? null : env.today;
			return env.get(tree[1], env.row === undefined ? -1 : env.row);
		case "not": return !isYes(tree[1], env);
		case "and": return isYes(tree[1], env) && isYes(tree[2], env);
		case "or": return isYes(tree[1], env) || isYes(tree[2], env);
		case "neg":
			a = evaluate(tree[1], env);
			return a === null ? null : bounded(-a);
		case "if": return evaluate(isYes(tree[1], env) ? tree[2] : tree[3], env);
		case "min": case "max": return extreme(tree, env);
		case "round": return round(evaluate(tree[1], env), BigInt(tree[2]));
		case "age": return age(evaluate(tree[1], env), env.today === undefined ? null : env.today);
		case "filled":
			return evaluate(tree[1], env) !== null;
		case "contains":
			a = evaluate(tree[1], env);
			b = evaluate(tree[2], env);
			return a !== null && b !== null && a.indexOf(b) >= 0;
		case "sum": return overRows(tree, env, true);
		case "count": return overRows(tree, env, false);
		}
		a = evaluate(tree[1], env);
		b = evaluate(tree[2], env);
		if (compare[op]) return a !== null && b !== null && compare[op](a, b);
		return a === null || b === null ? null : compute[op](a, b);
	}

	/* "1234.5" with so many places → BigInt; null when it is no such number. */
	function scaled(text, places) {
		var parts = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text);
		if (!parts || (parts[3] || "").length > places) return null;
		var digits = parts[2] + ((parts[3] || "") + "000000").slice(0, places);
		return bounded(BigInt(parts[1] + digits));
	}

	function days(text) {
		var parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
		if (!parts) return null;
		var ms = Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
		return new Date(ms).toISOString().slice(0, 10) === text ? BigInt(ms / 86400000) : null;
	}

	/* Text of an input, by the expression type of its field. Commas as decimal sign are the caller's to turn. */
	function read(type, text) {
		if (text === null || text === undefined || text === "") return null;
		switch (type) {
		case "number": return scaled(text, 6);
		case "amount": return scaled(text, 2);
		case "percentage": return scaled(text, 4);
		case "date": return days(text);
		case "yes/no": return text === "yes" || text === "true";
		case "days": case "group": return /^-?\d{1,9}$/.test(text) ? BigInt(text) : null;
		default: return text;
		}
	}

	root.VentanillaExpr = { evaluate: evaluate, read: read };
}(this));
