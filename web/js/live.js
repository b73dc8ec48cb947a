/* Tells that something is new on the page one looks at, and moves nothing: a line fills with words and a link. The
 * stream says how much changed and never what (core/feed). It is held while the page is seen; whoever comes back begins
 * where the page, or the last word heard, left off. Nothing here is needed: the page says the same when it is asked for
 * again. A `live` event tells other scripts, with what was said. */
(function () {
	"use strict";
	var RETRY_MS = 15000, RETRIES = 6, SHOWN_MAX = 99;
	var box = document.querySelector("[data-live]");
	if (!box || !window.EventSource) return;
	var words = box.querySelector("p"), since = box.dataset.since;
	var total = 0, isMore = false, failures = 0, source = null, timer = 0;

	function show() {
		var isOver = isMore || total > SHOWN_MAX;
		var text = total === 1 && !isOver ? box.dataset.one : box.dataset.many;
		words.querySelector("span").textContent = text.replace("%n", Math.min(total, SHOWN_MAX) + (isOver ? "+" : ""));
		words.hidden = false;
	}

	function heard(event) {
		var news = JSON.parse(event.data);
		since = event.lastEventId;
		total += news.n;
		isMore = isMore || news.kinds.indexOf("more") >= 0;
		if (words) show();
		box.dispatchEvent(new CustomEvent("live", { bubbles: true, detail: news }));
	}

	/* The browser comes back by itself to a stream that ended, but not to one that was refused: no room, or no longer
	 * signed in. */
	function failed() {
		if (source.readyState !== EventSource.CLOSED) return;
		source = null;
		if (failures++ < RETRIES) timer = setTimeout(follow, RETRY_MS * Math.pow(2, failures - 1) * (1 + Math.random()));
	}

	function follow() {
		clearTimeout(timer);
		if (source) source.close();
		source = null;
		if (document.visibilityState !== "visible") return;
		var mark = box.dataset.live.indexOf("?") < 0 ? "?" : "&";
		source = new EventSource(box.dataset.live + mark + "desde=" + since, { withCredentials: true });
		source.addEventListener("changed", heard);
		source.addEventListener("open", function () { failures = 0; });
		source.addEventListener("error", failed);
	}

	document.addEventListener("visibilitychange", follow);
	follow();
})();
