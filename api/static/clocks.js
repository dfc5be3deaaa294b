// Ticks the remaining times that the server printed; the server's own time counts, not this device's.
"use strict";
{
  const printed = Date.parse(document.body.dataset.now);
  const ahead = printed - Date.now();
  const places = document.querySelectorAll("[data-due]");

  const span = (milliseconds) => {
    const seconds = Math.floor(milliseconds / 1000);
    const parts = [
      [Math.floor(seconds / 86400), "天"],
      [Math.floor(seconds / 3600) % 24, "小时"],
      [Math.floor(seconds / 60) % 60, "分"],
      [seconds % 60, "秒"],
    ];
    const first = parts.findIndex(([amount]) => amount > 0);
    if (first < 0) return "0秒";
    return parts.slice(first, first + 2).filter(([amount]) => amount > 0).map((part) => part.join("")).join("");
  };

  const tick = () => {
    const now = Date.now() + ahead;
    for (const place of places) {
      const due = Date.parse(place.dataset.due);
      place.textContent = due > now ? `还剩${span(due - now)}` : `已超${span(now - due)}`;
    }
  };

  if (places.length && !Number.isNaN(printed)) setInterval(tick, 1000);
}
