/* Keys of the office: a letter shown on a button presses it, J and K walk the rows of a list, Enter opens, '/'
 * searches. Nothing here is needed: every action is a link or a button. */
(function () {
	"use strict";
	var table = document.querySelector("[data-rows]");
	var rows = table ? Array.prototype.slice.call(table.querySelectorAll("tbody tr")) : [];
	var at = -1;

	function isTyping(target) {
		return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
	}
	function go(step) {
		if (rows.length === 0) return;
		if (at >= 0) rows[at].classList.remove("is-open");
		at = Math.min(Math.max(at + step, 0), rows.length - 1);
		rows[at].classList.add("is-open");
		rows[at].querySelector("a.id").focus();
		rows[at].scrollIntoView({ block: "nearest" });
	}

	/* A browser's PDF viewer takes the keyboard as soon as it has loaded. It may have it when somebody goes there,
	 * with the pointer or with Tab; not by itself. */
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

	document.addEventListener("keydown", function (event) {
		if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
		if (isTyping(event.target)) {
			if (event.key === "Escape") event.target.blur();
			return;
		}
		var key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
		if (key === "/") document.getElementById("q").focus();
		else if (key === "j") go(1);
		else if (key === "k") go(-1);
		else {
			var target = Array.prototype.find.call(document.querySelectorAll("[data-key]"), function (element) {
				return element.dataset.key.toLowerCase() === key.toLowerCase();
			});
			if (!target) return;
			target.click();
		}
		event.preventDefault();
	});
})();
