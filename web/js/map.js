/*
 * Points on the map, with a hand of help where there is JavaScript: Leaflet over the town's own shapes, the place where
 * one stands, two pasted numbers, and where that lies in words. Nothing here is needed: without it the server draws the
 * map and its buttons act on the form. Names are placed as core/map/map_label.c places them.
 */
(function () {
	"use strict";
	var EARTH_M = 6371008.8, RADIANS = Math.PI / 180, KINDS = ["outline", "neighbourhood", "park", "water"];
	/* As in core/map/map_draw.c: pixels by zoom, from 11 on. */
	var WIDTHS = {
		street: [0, 0, 2, 3, 5, 8, 12, 16],
		main: [1.5, 2.2, 3.6, 5, 7.5, 11, 15, 20],
		motorway: [2.5, 3.2, 4.8, 6.4, 9, 13, 17, 22]
	};
	var CLASSES = { outline: "map-land", neighbourhood: "map-hood", park: "map-park", water: "map-water" };

	/* --- where it lies, in words ------------------------------------------------------------------------------ */

	function apart(a, b) {
		var x = (b[1] - a[1]) * Math.cos((a[0] + b[0]) / 2 * RADIANS), y = b[0] - a[0];
		return { metres: Math.sqrt(x * x + y * y) * RADIANS * EARTH_M, angle: Math.atan2(x, y) / RADIANS };
	}

	function rounded(metres, decimal) {
		if (metres < 1000) return Math.round(metres / 10) * 10 + " m";
		return (metres / 1000).toFixed(metres < 10000 ? 1 : 0).replace(".", decimal) + " km";
	}

	function direction(box, angle) {
		var names = [box.dataset.north, box.dataset.east, box.dataset.south, box.dataset.west];
		return names[Math.round((angle + 360) % 360 / 90) % 4];
	}

	function fromOffice(box, here) {
		var best = null;
		JSON.parse(box.dataset.landmarks).forEach(function (p) {
			var way = apart([p[1] / 1e7, p[2] / 1e7], here);
			if (!best || way.metres < best.way.metres) best = { name: p[0], way: way };
		});
		if (!best) return "";
		return box.dataset.place + " " + box.dataset.far.replace("%d", rounded(best.way.metres, box.dataset.decimal))
			.replace("%r", direction(box, best.way.angle)).replace("%p", best.name) + ".";
	}

	/* Even-odd, as map_holds(). */
	function holds(feature, here) {
		var inside = false;
		feature.lines.forEach(function (ring) {
			for (var i = 1; i < ring.length; i++) {
				var a = ring[i - 1], b = ring[i];
				if ((a[0] > here[0]) === (b[0] > here[0])) continue;
				if (here[1] < a[1] + (b[1] - a[1]) * (here[0] - a[0]) / (b[0] - a[0])) inside = !inside;
			}
		});
		return inside;
	}

	function areaAt(features, kind, here) {
		return features.filter(function (f) { return f.kind === kind && f.area && holds(f, here); })[0];
	}

	/* --- the town's shapes ------------------------------------------------------------------------------------- */

	/* Millionths, as differences → [[lat, lon], …] */
	function nodes(flat) {
		var out = [], lat = 0, lon = 0;
		for (var i = 0; i < flat.length; i += 2) {
			lat += flat[i];
			lon += flat[i + 1];
			out.push([lat / 1e6, lon / 1e6]);
		}
		return out;
	}

	function widthAt(road, zoom) {
		return WIDTHS[road][Math.max(0, Math.min(7, zoom - 11))];
	}

	/* A feature's layers; `width` gives a line's for a zoom, none at all when it is 0. */
	function shapesOf(feature, renderer) {
		var options = { interactive: false, renderer: renderer, stroke: true, fill: feature.area, fillOpacity: 1,
			smoothFactor: 1.5, className: CLASSES[feature.kind], weight: 1 };
		var lines = feature.lines;
		if (feature.area) {
			if (feature.kind !== "neighbourhood") options.stroke = false;
			return [{ layer: L.polygon(lines, options) }];
		}
		function line(name, width) {
			return { layer: L.polyline(lines, Object.assign({}, options, { className: name })), width: width };
		}
		if (feature.kind === "water") return [line("map-river", function (z) { return widthAt("main", z); })];
		if (feature.kind === "railway") return [line("map-railway", function () { return 2; })];
		if (feature.kind !== "road") return [];
		return [line("map-edge", function (z) {
			var width = widthAt(feature.class, z);
			return width && width + 2.5;
		}), line("map-" + feature.class, function (z) { return widthAt(feature.class, z); })];
	}

	/* All edges first, so that roads run into each other. */
	function shapes(features, renderer) {
		var all = features.map(function (f) {
			return { f: f, layers: shapesOf(f, renderer) };
		});
		var areas = [], edges = [], rails = [], roads = [];
		KINDS.forEach(function (kind) {
			all.forEach(function (a) {
				if (a.f.kind === kind) areas = areas.concat(a.layers);
			});
		});
		all.forEach(function (a) {
			if (a.f.kind === "railway") rails = rails.concat(a.layers);
			if (a.f.kind === "road") {
				edges.push(a.layers[0]);
				roads.push(a.layers[1]);
			}
		});
		return areas.concat(edges, rails, roads);
	}

	/* --- names --------------------------------------------------------------------------------------------------- */

	var EVERY = 420, STEP = 50, GAP = 4;

	function touch(a, b) {
		return a.boxes.some(function (p) {
			return b.boxes.some(function (q) {
				return Math.abs(p[0] - q[0]) < p[2] + q[2] + GAP && Math.abs(p[1] - q[1]) < p[3] + q[3] + GAP;
			});
		});
	}

	function upright(x, y, wide, size) {
		return [[x, y, wide / 2, size * .6]];
	}

	function turned(x, y, angle, wide, size) {
		var boxes = [], turn = angle * RADIANS;
		for (var at = size / 2 - wide / 2; at < wide / 2; at += size)
			boxes.push([x + at * Math.cos(turn), y + at * Math.sin(turn), size / 2, size / 2]);
		return boxes;
	}

	function middleOf(ring) {
		var zero = ring[0], area = 0, x = 0, y = 0;
		for (var i = 1; i < ring.length; i++) {
			var ax = ring[i - 1].x - zero.x, ay = ring[i - 1].y - zero.y, bx = ring[i].x - zero.x, by = ring[i].y - zero.y;
			var cross = ax * by - bx * ay;
			area += cross;
			x += (ax + bx) * cross;
			y += (ay + by) * cross;
		}
		return Math.abs(area) < 1 ? zero : { x: zero.x + x / (3 * area), y: zero.y + y / (3 * area) };
	}

	/* So far along the line; null past its ends. */
	function along(line, far) {
		for (var i = 1; far >= 0 && i < line.length; i++) {
			var piece = Math.hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
			if (far <= piece && piece > 0)
				return { x: line[i - 1].x + (line[i].x - line[i - 1].x) * far / piece,
					y: line[i - 1].y + (line[i].y - line[i - 1].y) * far / piece };
			far -= piece;
		}
		return null;
	}

	function lineNames(line, wide, size, put) {
		var all = 0;
		for (var i = 1; i < line.length; i++) all += Math.hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
		var next = all < EVERY ? Math.max(all / 2 - STEP, Math.min(all / 2, wide / 2)) : STEP * 2;
		while (next <= all) {
			var a = along(line, next - wide / 2), b = along(line, next + wide / 2), done = false;
			if (a && b && Math.hypot(b.x - a.x, b.y - a.y) >= .97 * wide) {
				var angle = Math.atan2(b.y - a.y, b.x - a.x) / RADIANS;
				if (angle > 90) angle -= 180;
				if (angle <= -90) angle += 180;
				var x = (a.x + b.x) / 2, y = (a.y + b.y) / 2;
				done = put(x, y, angle, Math.abs(angle) < 1 ? upright(x, y, wide, size) : turned(x, y, angle, wide, size));
			}
			next += done ? EVERY : STEP;
		}
	}

	var NAMES = { place: ["map-place", 12, 13], neighbourhood: ["map-hood-name", 12, 0], water: ["map-water-name", 12, 0],
		park: ["map-park-name", 12, 0], road: ["map-road-name", 11, 0], railway: ["map-road-name", 11, 13] };

	function firstZoom(f) {
		if (f.kind === "road") return f.class === "motorway" ? 0 : f.class === "main" ? 13 : 15;
		return f.kind === "water" && !f.area ? 13 : NAMES[f.kind][2];
	}

	/* [{ text, kind, at, angle }, …] for the whole town at one zoom. */
	function namesAt(map, features, zoom) {
		var placed = [];
		function tryName(f, x, y, angle, boxes, dot) {
			var name = { f: f, x: x, y: y, angle: angle, boxes: boxes, dot: dot };
			if (placed.some(function (p) { return touch(p, name); })) return false;
			placed.push(name);
			return true;
		}
		Object.keys(NAMES).forEach(function (kind) {
			features.slice().reverse().forEach(function (f) {
				if (f.kind !== kind || !f.name || zoom < firstZoom(f)) return;
				var size = NAMES[kind][1], wide = f.name.length * size * .54;
				var lines = f.lines.map(function (line) {
					return line.map(function (p) { return map.project(p, zoom); });
				});
				if (lines[0].length === 1) {
					var p = lines[0][0], is = kind === "place", x = is ? p.x + 8 + wide / 2 : p.x;
					tryName(f, x, p.y, 0, upright(x, p.y, wide + (is ? 16 : 0), size), is);
				} else if (f.area) {
					var xs = [].concat.apply([], lines).map(function (q) { return q.x; }), m = middleOf(lines[0]);
					if (Math.max.apply(null, xs) - Math.min.apply(null, xs) < wide * .7) return;
					tryName(f, m.x, m.y, 0, upright(m.x, m.y, wide, size));
				} else {
					lines.forEach(function (line) {
						lineNames(line, wide, size, function (x, y, angle, boxes) {
							return tryName(f, x, y, angle, boxes);
						});
					});
				}
			});
		});
		return placed;
	}

	/* Names as an SVG of their own over the shapes: the same elements as the server's, in its own world of pixels. */
	var SVG = "http://www.w3.org/2000/svg";

	function element(name, attributes, parent) {
		var e = document.createElementNS(SVG, name);
		Object.keys(attributes).forEach(function (key) { e.setAttribute(key, attributes[key]); });
		parent.appendChild(e);
		return e;
	}

	function drawNames(svg, names, origin) {
		svg.textContent = "";
		names.forEach(function (n) {
			var x = n.x - origin.x, y = n.y - origin.y, attributes = { "class": NAMES[n.f.kind][0], x: x, y: y, dy: ".35em" };
			if (Math.abs(n.angle) >= 1) attributes.transform = "rotate(" + n.angle + " " + x + " " + y + ")";
			element("text", attributes, svg).textContent = n.f.name;
			if (n.dot) element("circle", { "class": "map-dot", cx: n.boxes[0][0] - n.boxes[0][2] - origin.x, cy: y, r: 3.5 }, svg);
		});
	}

	/* --- the map --------------------------------------------------------------------------------------------------- */

	function pinIcon() {
		return L.divIcon({ className: "map-marker", iconSize: [44, 48], iconAnchor: [22, 44], html:
			'<svg viewBox="-22 -44 44 48" width="44" height="48" aria-hidden="true"><g class="map-pin">' +
			'<ellipse class="map-pin__shade" rx="5" ry="2"/><path d="M0 0C-1-8-12-14-12-25a12 12 0 0 1 24 0C12-14 1-8 0 0z"/>' +
			'<circle cy="-25" r="4.5"/></g></svg>' });
	}

	function namesLayer(map, features) {
		var pane = map.createPane("names"), svg = element("svg", { "class": "map-names", width: 1, height: 1 }, pane), cache = {};
		function draw() {
			var zoom = map.getZoom();
			cache[zoom] = cache[zoom] || namesAt(map, features, zoom);
			drawNames(svg, cache[zoom], map.getPixelOrigin());
		}
		map.on("zoomstart", function () { svg.textContent = ""; });
		map.on("viewreset zoomend", draw);
		draw();
	}

	function townLayer(map, features) {
		var all = shapes(features, L.svg({ padding: .5 }));
		function widths() {
			all.forEach(function (s) {
				var width = s.width ? s.width(map.getZoom()) : 1;
				if (s.width) s.layer.setStyle({ weight: width });
				if (width && !map.hasLayer(s.layer)) s.layer.addTo(map);
				if (!width && map.hasLayer(s.layer)) s.layer.remove();
			});
		}
		all.forEach(function (s) { s.layer.addTo(map); });
		map.on("zoomend", widths);
		widths();
		namesLayer(map, features);
	}

	/* `point.get()` and `point.set(latlng or null)` are the two inputs. */
	function open(view, box, point, features) {
		var start = (box.querySelector('input[name^="_vista."]') || { value: "" }).value.split(" ").map(Number);
		var maxZoom = Number(view.dataset.zoomMax), tiles = view.dataset.tiles, marker = null;
		var touchOnly = window.matchMedia("(pointer: coarse)").matches;
		view.textContent = "";
		view.classList.add("is-live");
		var map = L.map(view, { zoomControl: false, attributionControl: false, minZoom: 10, maxZoom: maxZoom,
			scrollWheelZoom: false, dragging: !touchOnly, maxBoundsViscosity: 1,
			maxBounds: L.latLngBounds([].concat.apply([], features[0].lines)).pad(.5) });
		map.setView([start[0] / 1e6, start[1] / 1e6], start[2]);
		view.setAttribute("role", "application");
		view.setAttribute("aria-label", view.dataset.label);
		if (tiles) L.tileLayer(tiles, { maxZoom: maxZoom }).addTo(map);
		else townLayer(map, features);
		L.control.scale({ imperial: false, position: "bottomright", maxWidth: 110 }).addTo(map);
		map.on("focus", function () { map.scrollWheelZoom.enable(); });
		map.on("blur", function () { map.scrollWheelZoom.disable(); });

		function show(at) {
			if (!at && marker) {
				marker.remove();
				marker = null;
			} else if (at && !marker) {
				marker = L.marker(at, { icon: pinIcon(), draggable: true, autoPan: true, keyboard: false,
					alt: view.dataset.marker, title: view.dataset.marker }).addTo(map);
				marker.on("dragend", function () { point.set(marker.getLatLng()); });
			} else if (at) {
				marker.setLatLng(at);
			}
		}
		map.on("click", function (event) { point.set(event.latlng); });
		view.addEventListener("keydown", function (event) {
			if (event.key !== "Enter" || event.target !== view) return;
			event.preventDefault();
			point.set(map.getCenter());
		});

		var acts = {
			acercar: function () { map.zoomIn(); }, alejar: function () { map.zoomOut(); },
			norte: function () { map.panBy([0, -120]); }, sur: function () { map.panBy([0, 120]); },
			oeste: function () { map.panBy([-140, 0]); }, este: function () { map.panBy([140, 0]); },
			centro: function () { point.set(map.getCenter()); }, quitar: function () { point.set(null); }
		};
		box.querySelectorAll("[data-act]").forEach(function (button) {
			button.type = "button";
			button.addEventListener("click", acts[button.dataset.act]);
		});
		return { show: show, goTo: function (at) { map.setView(at, Math.max(map.getZoom(), Math.min(16, maxZoom))); } };
	}

	/* --- one question -------------------------------------------------------------------------------------------------- */

	/* What works only here is said only here. */
	function help(box, text) {
		var line = document.createElement("p");
		line.className = "map-note";
		line.textContent = text;
		box.querySelector(".map-box").appendChild(line);
	}

	function begin(box) {
		var form = box.closest("form"), view = box.querySelector("[data-map]"), map = null, features = [];
		var lat = form.elements[box.dataset.point + ".lat"], lon = form.elements[box.dataset.point + ".lon"];
		var words = box.querySelector(".point__words"), row = box.querySelector(".point__row");
		var clear = box.querySelector('[data-act="quitar"]');

		function here() {
			var at = [parseFloat(lat.value), parseFloat(lon.value)];
			return isNaN(at[0]) || isNaN(at[1]) || Math.abs(at[0]) > 90 || Math.abs(at[1]) > 180 ? null : at;
		}

		/* How far from the nearest office: a wrong digit shows at once. */
		function tell(accuracy) {
			var at = here(), hood = at && areaAt(features, "neighbourhood", at);
			words.classList.remove("is-far");
			if (clear) clear.hidden = !at;
			if (map) map.show(at);
			if (!at) {
				words.textContent = "";
				return;
			}
			if (features.length && !areaAt(features, "outline", at)) {
				words.classList.add("is-far");
				words.textContent = box.dataset.outside;
				return;
			}
			words.textContent = (hood && hood.name ? hood.name + ". " : "") + fromOffice(box, at) +
				(accuracy ? " " + box.dataset.accuracy.replace("%n", Math.ceil(accuracy)) + "." : "");
		}

		function put(at, accuracy) {
			lat.value = at ? at.lat.toFixed(6) : "";
			lon.value = at ? at.lng.toFixed(6) : "";
			lat.dispatchEvent(new Event("input", { bubbles: true }));
			tell(accuracy);
		}

		lat.addEventListener("paste", function (event) {
			var parts = /^\s*(-?\d+\.\d+)[,\s]+(-?\d+\.\d+)\s*$/.exec(event.clipboardData.getData("text"));
			if (!parts) return;
			event.preventDefault();
			lat.value = parts[1];
			lon.value = parts[2];
			tell();
			if (map) map.goTo(here());
		});
		[lat, lon].forEach(function (input) {
			input.addEventListener("change", function () {
				tell();
				if (map && here()) map.goTo(here());
			});
		});

		if (view && window.L) {
			fetch(view.dataset.map).then(function (answer) {
				if (!answer.ok) throw new Error(answer.status);
				return answer.json();
			}).then(function (town) {
				features = town.features;
				features.forEach(function (f) { f.lines = f.lines.map(nodes); });
				map = open(view, box, { set: put }, features);
				help(box, view.dataset.hint);
				tell();
			}).catch(function () { /* the server's map stays, and works */ });
		}

		if (!navigator.geolocation || !window.isSecureContext) return;
		var button = document.createElement("button");
		button.type = "button";
		button.className = "button button--secondary";
		button.textContent = box.dataset.here;
		row.appendChild(button);
		button.addEventListener("click", function () {
			words.textContent = box.dataset.waiting;
			navigator.geolocation.getCurrentPosition(function (found) {
				put({ lat: found.coords.latitude, lng: found.coords.longitude }, found.coords.accuracy);
				if (map) map.goTo(here());
			}, function () {
				words.textContent = box.dataset.denied;
			}, { enableHighAccuracy: true, timeout: 15000 });
		});
	}

	Array.prototype.forEach.call(document.querySelectorAll("[data-point]"), function (box) {
		if (box.dataset.ready) return; /* the script stands beside each question */
		box.dataset.ready = "yes";
		begin(box);
	});
})();
