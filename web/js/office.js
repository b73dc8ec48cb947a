/* Keys of the office: a letter shown on a button presses it, J and K walk the rows of a list, or from one case of the
 * list to the next, a figure opens an attachment, '/' searches. Nothing here is needed: every action is a link or a
 * button. Letters act only where the line that tells them is shown, and that line has a switch for them. */
(function () {
	"use strict";
	var line = document.querySelector(".keys"), button = document.querySelector(".keys__switch");
	var table = document.querySelector("[data-rows]"), back = document.querySelector("[data-list]");
	var rows = table ? Array.prototype.slice.call(table.querySelectorAll("tbody tr")) : [];
	var search = document.getElementById("q"), at = -1;

	/* What the browser keeps may be forbidden, or not what was put there. */
	function kept(store, name) {
		try {
			return JSON.parse(store.getItem(name));
		} catch (e) {
			return null;
		}
	}
	function keep(store, name, value) {
		try {
			store.setItem(name, JSON.stringify(value));
		} catch (e) {
			/* then it is not kept */
		}
	}

	/* --- the switch ------------------------------------------------------------------------------------------- */

	var isOff = kept(localStorage, "office-keys") === "off";
	function areOn() {
		return !isOff && line !== null && line.offsetParent !== null;
	}
	function showSwitch() {
		button.textContent = isOff ? button.dataset.on : button.dataset.off;
		line.classList.toggle("is-off", isOff);
	}
	if (button) {
		button.hidden = false;
		showSwitch();
		button.addEventListener("click", function () {
			isOff = !isOff;
			keep(localStorage, "office-keys", isOff ? "off" : "on");
			showSwitch();
		});
	}

	/* Whoever signs out leaves no list behind. */
	document.querySelector(".topbar__me form").addEventListener("submit", function () {
		keep(sessionStorage, "office-list", null);
	});

	/* --- a list, and the way through its cases ------------------------------------------------------------------ */

	function link(row) {
		return row.querySelector("a.id");
	}
	function select(next) {
		if (at >= 0) rows[at].classList.remove("is-open");
		at = Math.min(Math.max(next, 0), rows.length - 1);
		rows[at].classList.add("is-open");
		link(rows[at]).focus({ preventScroll: true });
		rows[at].scrollIntoView({ block: "nearest" });
	}

	var here = location.pathname + location.search, list = kept(sessionStorage, "office-list");
	if (rows.length) {
		if (list && list.from === here && list.at >= 0 && list.at < rows.length) select(list.at);
		table.addEventListener("click", function (event) {
			var row = event.target.closest("tbody tr");
			if (!row) return;
			keep(sessionStorage, "office-list", { from: here, title: document.querySelector("h1").textContent,
				at: rows.indexOf(row), cases: rows.map(function (r) { return link(r).getAttribute("href"); }) });
		});
	}

	var place = back && list ? list.cases.indexOf(location.pathname) : -1;
	if (place >= 0) {
		back.href = list.from;
		back.lastChild.textContent = list.title + ", " + (place + 1) + "/" + list.cases.length;
		document.querySelector("[data-walk]").hidden = false;
		list.at = place;
		keep(sessionStorage, "office-list", list);
	}

	function walk(step) {
		if (rows.length) select(at + step);
		else if (place >= 0 && list.cases[place + step]) location.assign(list.cases[place + step]);
	}

	/* --- a PDF viewer takes the keyboard as soon as it has loaded. It may have it when somebody goes there, with the
	 * pointer or with Tab; not by itself. ------------------------------------------------------------------------ */

	var frame = document.querySelector(".viewer__frame"), isInvited = false;
	function invite(yes) {
		return function () { isInvited = yes; };
	}
	function takeBack() {
		if (document.activeElement !== frame || isInvited) return;
		frame.blur();
		window.focus();
	}
	if (frame) {
		frame.addEventListener("pointerenter", invite(true));
		frame.addEventListener("pointerleave", invite(false));
		document.addEventListener("keydown", function (event) {
			isInvited = event.key === "Tab" || isInvited;
		}, true);
		window.addEventListener("blur", function () { setTimeout(takeBack); });
		takeBack();
	}

	/* --- keys --------------------------------------------------------------------------------------------------- */

	function isTyping(target) {
		return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
	}
	/* What a key presses: a figure the attachment of that number, anything else the button that bears it. */
	function target(key) {
		if (/^[1-9]$/.test(key)) return document.querySelectorAll(".thumbs > *")[key - 1];
		return Array.prototype.find.call(document.querySelectorAll("[data-key]"), function (element) {
			return element.dataset.key.toLowerCase() === key;
		});
	}
	document.addEventListener("keydown", function (event) {
		if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
		if (isTyping(event.target)) {
			if (event.key === "Escape") event.target.blur();
			return;
		}
		var key = event.key.toLowerCase();
		if (key.length === 1 && !areOn()) return;
		var pressed = target(key);
		if (key === "/" && search) search.focus();
		else if (key === "j") walk(1);
		else if (key === "k") walk(-1);
		else if (pressed) pressed.click();
		else return;
		event.preventDefault();
	});
})();
