/*
 * Forms made from definitions, with a hand of help where there is JavaScript. Nothing here is needed: the server
 * decides conditions again, reads what was typed and keeps it.
 *
 *   conditions   questions with data-when appear and vanish as one answers (VentanillaExpr, expr.js)
 *   points       the place where one stands, two pasted numbers, and how far that lies from a town office
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

	/* --- points ------------------------------------------------------------------------------------------------ */

	var EARTH_M = 6371000, RADIANS = Math.PI / 180;

	function apart(a, b) {
		var x = (b[1] - a[1]) * Math.cos((a[0] + b[0]) / 2 * RADIANS), y = b[0] - a[0];
		return { metres: Math.sqrt(x * x + y * y) * RADIANS * EARTH_M, angle: Math.atan2(x, y) / RADIANS };
	}

	function round(metres) {
		if (metres < 1000) return Math.round(metres / 10) * 10 + " m";
		return (metres / 1000).toFixed(metres < 10000 ? 1 : 0).replace(".", facts.decimal) + " km";
	}

	Array.prototype.forEach.call(form.querySelectorAll("[data-point]"), function (box) {
		var lat = inputs(box.dataset.point + ".lat")[0], lon = inputs(box.dataset.point + ".lon")[0];
		var places = JSON.parse(box.dataset.landmarks);
		var row = document.createElement("p"), words = document.createElement("p");
		row.className = "point__row";
		words.className = "point__words small muted";
		words.setAttribute("role", "status");
		box.insertBefore(row, box.firstChild);
		box.insertBefore(words, row.nextSibling);

		function direction(angle) {
			var names = [box.dataset.north, box.dataset.east, box.dataset.south, box.dataset.west];
			return names[Math.round((angle + 360) % 360 / 90) % 4];
		}

		/* How far from the nearest office: a wrong digit shows at once. */
		function tell(accuracy) {
			var here = [Number(lat.value), Number(lon.value)];
			words.textContent = "";
			if (!lat.value || !lon.value || isNaN(here[0]) || isNaN(here[1]) || places.length === 0) return;
			var best = null;
			places.forEach(function (p) {
				var way = apart([p[1] / 1e7, p[2] / 1e7], here);
				if (!best || way.metres < best.way.metres) best = { name: p[0], way: way };
			});
			words.textContent = box.dataset.place + " " + box.dataset.far.replace("%d", round(best.way.metres))
				.replace("%r", direction(best.way.angle)).replace("%p", best.name) + "." +
				(accuracy ? " " + box.dataset.accuracy.replace("%n", Math.ceil(accuracy)) + "." : "");
		}

		lat.addEventListener("paste", function (event) {
			var parts = /^\s*(-?\d+\.\d+)[,\s]+(-?\d+\.\d+)\s*$/.exec(event.clipboardData.getData("text"));
			if (!parts) return;
			event.preventDefault();
			lat.value = parts[1];
			lon.value = parts[2];
			tell();
		});
		lat.addEventListener("change", function () { tell(); });
		lon.addEventListener("change", function () { tell(); });
		tell();

		if (!navigator.geolocation || !window.isSecureContext) return;
		var button = document.createElement("button");
		button.type = "button";
		button.className = "button button--secondary";
		button.textContent = box.dataset.here;
		row.appendChild(button);
		button.addEventListener("click", function () {
			words.textContent = box.dataset.waiting;
			navigator.geolocation.getCurrentPosition(function (found) {
				lat.value = found.coords.latitude.toFixed(6);
				lon.value = found.coords.longitude.toFixed(6);
				tell(found.coords.accuracy);
			}, function () {
				words.textContent = box.dataset.denied;
			}, { enableHighAccuracy: true, timeout: 15000 });
		});
	});
})();
