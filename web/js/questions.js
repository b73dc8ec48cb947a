/*
 * Forms made from definitions, with a hand of help where there is JavaScript. Nothing here is needed: the server
 * decides conditions again, reads what was typed and keeps it.
 *
 *   conditions   questions with data-when appear and vanish as one answers (VentanillaExpr, expr.js)
 *   points       map.js, which stands beside each of them
 *
 * The form carries data-questions: {"decimal":".","today":days,"types":{name:type},"known":{name:[type,value]}}.
 */
(function () {
	"use strict";
	var form = document.querySelector("form[data-questions]");
	if (!form || !window.VentanillaExpr) return;
	var facts = JSON.parse(form.dataset.questions);
	var shown = form.elements._visto;

	/* --- answers as expressions see them ------------------------------------------------------------------- */

	function inputs(name) {
		return Array.prototype.filter.call(form.elements, function (e) { return e.name === name; });
	}

	/* "1,234.5" or "1.234,5" as the town writes it, to "1234.5". */
	function plain(text) {
		var other = facts.decimal === "," ? /[.\s]/g : /[,\s]/g;
		return text.replace(other, "").replace(facts.decimal, ".");
	}

	function dateOf(name) {
		var parts = ["year", "month", "day"].map(function (part) {
			var input = inputs(name + "." + part)[0];
			return input ? input.value.trim() : "";
		});
		if (!/^\d{4}$/.test(parts[0])) return null;
		return parts[0] + "-" + ("0" + parts[1]).slice(-2) + "-" + ("0" + parts[2]).slice(-2);
	}

	function isAsked(element) {
		return element && !element.closest("[hidden]");
	}

	function typed(name, type) {
		var all = inputs(name).filter(isAsked);
		if (type === "group") return BigInt(document.querySelectorAll('[data-row="' + name + '"]').length);
		if (type === "date" && all.length === 0) return VentanillaExpr.read("date", dateOf(name));
		if (all.length === 0) return null;
		if (all[0].type === "checkbox") {
			var chosen = all.filter(function (e) { return e.checked; }).map(function (e) { return e.value; });
			return chosen.length ? chosen : null;
		}
		if (all[0].type === "radio") {
			var one = all.filter(function (e) { return e.checked; })[0];
			return one ? VentanillaExpr.read(type, one.value) : null;
		}
		if (all[0].type === "file") return all[0].files.length ? true : null;
		var text = all[0].value.trim();
		return VentanillaExpr.read(type, type === "number" || type === "amount" ? plain(text) : text);
	}

	/* ["integer","850"], ["text","casa"], [null], and for the rows of a group ["rows",[value, …]]. */
	function known(pair, row) {
		if (!pair || pair[0] === null || pair.length < 2) return null;
		if (pair[0] === "rows") return known(pair[1][row]);
		return pair[0] === "integer" ? BigInt(pair[1]) : pair[1];
	}

	function get(name, row) {
		var type = facts.types[name];
		if (type === undefined) return known(facts.known[name], row);
		var dot = name.indexOf(".");
		return typed(row >= 0 && dot > 0 ? name.slice(0, dot) + "." + row + name.slice(dot) : name, type);
	}

	/* --- conditions ------------------------------------------------------------------------------------------ */

	var conditional = Array.prototype.map.call(form.querySelectorAll("[data-when]"), function (box) {
		var row = /^[^.]+\.(\d+)\./.exec(box.dataset.question);
		return { box: box, when: JSON.parse(box.dataset.when), row: row ? Number(row[1]) : -1 };
	});

	/* A shown question may bring another: until nothing changes, or as often as there are questions. */
	function settle() {
		for (var round = 0, changed = true; changed && round <= conditional.length; round++) {
			changed = false;
			conditional.forEach(function (q) {
				var show = VentanillaExpr.evaluate(q.when,
					{ get: get, row: q.row, today: BigInt(facts.today) }) === true;
				if (q.box.hidden !== show) return;
				q.box.hidden = !show;
				changed = true;
			});
		}
		shown.value = Array.prototype.filter.call(form.querySelectorAll("[data-question]"), function (box) {
			return !box.closest("[hidden]");
		}).map(function (box) { return box.dataset.question; }).join(" ");
	}
	form.addEventListener("input", settle);
	form.addEventListener("change", settle);
	settle();
})();
