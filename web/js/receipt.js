/* The receipt's paper is made by a job a moment after filing: the button appears when it is there. Without
 * JavaScript the link beside the words does the same by hand. */
(function () {
	"use strict";
	var row = document.querySelector("[data-receipt]");
	var wait = row && row.querySelector("[data-receipt-wait]");
	if (!wait) return;
	var tries = 0;
	function ask() {
		tries++;
		fetch(row.dataset.receipt, { method: "HEAD", credentials: "same-origin" }).then(function (answer) {
			if (answer.status !== 200) throw new Error("not yet");
			row.querySelector("[data-receipt-ready]").hidden = false;
			wait.remove();
		}).catch(function () {
			if (tries < 30) setTimeout(ask, tries < 8 ? 700 : 3000);
		});
	}
	setTimeout(ask, 400);
})();
