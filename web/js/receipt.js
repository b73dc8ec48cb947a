/* The receipt's paper is made by a job a moment after filing: the button appears when it is there. Asked for a few times,
 * and again when the page's stream (live.js) tells of a paper. Without JavaScript the link beside the words does the
 * same by hand. */
(function () {
	"use strict";
	var row = document.querySelector("[data-receipt]");
	var wait = row && row.querySelector("[data-receipt-wait]");
	if (!wait) return;
	var tries = 0, isThere = false;
	function show() {
		isThere = true;
		row.querySelector("[data-receipt-ready]").hidden = false;
		wait.querySelector("[data-receipt-not-yet]").remove();
		wait.querySelector("[data-receipt-said]").hidden = false;
	}
	function look() {
		return fetch(row.dataset.receipt, { method: "HEAD", credentials: "same-origin" }).then(function (answer) {
			if (answer.status === 200 && !isThere) show();
		}).catch(function () {
			/* asked for again, below or by hand */
		});
	}
	function ask() {
		tries++;
		look().then(function () {
			if (!isThere && tries < 30) setTimeout(ask, tries < 8 ? 700 : 3000);
		});
	}
	document.addEventListener("live", function (event) {
		if (event.detail.kinds.indexOf("document") >= 0) look();
	});
	setTimeout(ask, 400);
})();
