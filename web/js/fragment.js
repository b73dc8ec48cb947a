/* A QR code carries its key behind the '#', which browsers send to nobody. This puts it into the form that
 * waits for it and sends the form, so that whoever scans the code sees the answer at once. */
(function () {
	"use strict";
	var form = document.querySelector("form[data-fragment]");
	var key = decodeURIComponent(location.hash.slice(1));
	if (!form || !/^[0-9A-Za-z -]{12,40}$/.test(key)) return;
	var field = form.elements[form.dataset.fragment];
	field.value = key;
	history.replaceState(null, "", location.pathname);
	form.requestSubmit();
})();
