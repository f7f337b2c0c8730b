/* The report's own script: language, map, timeline, day sheets, printing.
   Texts enter the page as text nodes only, never as markup. */
(function () {
'use strict';
var data = JSON.parse(document.getElementById('data').textContent);
var lang = data.lang, chosen = -1;
var all = function (css, root) { return Array.prototype.slice.call((root || document).querySelectorAll(css)); };
var one = function (id) { return document.getElementById(id); };

/* Texts. The three rules here are those of text.go. */
function say(key, args) {
  var text = data.texts[lang][key];
  return text.replace(/\{(\d+)\}/g, function (hole, i) { return args && i in args ? args[i] : hole; });
}
function word(prefix, code) { return data.texts[lang][prefix + code] || code; }
function number(value, decimals) {
  var parts = Math.abs(value).toFixed(decimals).split('.');
  parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, '\u00a0');
  return (value < 0 ? '-' : '') + parts.join(lang === 'sv' ? ',' : '.');
}
function date(iso) {
  var d = iso.split('-').map(Number);
  var weekday = new Date(Date.UTC(d[0], d[1] - 1, d[2])).getUTCDay();
  return say('weekday.' + weekday) + ' ' + d[2] + ' ' + say('month.' + d[1]) + ' ' + d[0];
}
function minutes(seconds) { return Math.ceil(seconds / 60); }
function translate() {
  document.documentElement.lang = lang;
  all('[data-t]').forEach(function (e) {
    e.textContent = say(e.dataset.t, e.dataset.a ? JSON.parse(e.dataset.a) : null);
  });
  all('[data-n]').forEach(function (e) { e.textContent = number(+e.dataset.n, +e.dataset.d); });
  all('time[datetime]').forEach(function (e) { e.textContent = date(e.dateTime); });
  all('[data-label]').forEach(function (e) { e.setAttribute('aria-label', say(e.dataset.label)); });
  all('[data-lang]').forEach(function (e) { e.setAttribute('aria-pressed', String(e.dataset.lang === lang)); });
  document.title = document.title.replace(/^\S+( roster)?/, say('report.title'));
  map.translate();
}

/* A carer's colour: far apart for neighbours, dark enough to read on white. */
function colour(r) {
  var dark = [30, 38, 26, 34][r % 4];
  return 'hsl(' + Math.round(r * 137.508 + 168) % 360 + ',' + (r % 3 === 1 ? 45 : 68) + '%,' + dark + '%)';
}

/* What a stop says when it is pointed at: a title and lines. */
function tell(r, i) {
  var route = data.routes[r], s = route.stops[i], lines = [];
  var title = s.k === 'visit' ? s.n + '. ' + s.v : word('stop.', s.k);
  title = title.charAt(0).toUpperCase() + title.slice(1) + ' · ' + s.s + (s.k === 'end' ? '' : '–' + s.e);
  if (s.k === 'visit') { lines.push(say('col.client.id') + ' ' + s.c + ' · ' + word('task.', s.t)); }
  if (s.o && s.o.length) { lines.push(say('sheet.together', [s.o.join(', ')])); }
  var way = [];
  if (s.dr) { way.push(say('kind.drive') + ' ' + minutes(s.dr) + ' min, ' + number((s.m || 0) / 1000, 1) + ' km'); }
  if (s.h) { way.push(say('kind.handling') + ' ' + minutes(s.h) + ' min'); }
  if (s.w) { way.push(say('kind.wait') + ' ' + minutes(s.w) + ' min'); }
  if (s.d) { way.unshift(s.d + '–' + s.a); }
  if (way.length) { lines.push(way.join(' · ')); }
  return { carer: route.carer, title: title, lines: lines };
}

/* Encoded polylines; see polyline.go. */
function decode(code) {
  var line = [], lat = 0, lon = 0, at = 0;
  function step() {
    var shift = 0, bits = 0, b;
    do { b = code.charCodeAt(at++) - 63; bits += (b & 31) * Math.pow(2, shift); shift += 5; } while (b >= 32);
    return bits % 2 ? -(bits + 1) / 2 : bits / 2;
  }
  while (at < code.length) { lat += step(); lon += step(); line.push([lat / 1e5, lon / 1e5]); }
  return line;
}

var map = (function () {
  var box = one('map-box'), L = window.L, m = data.map;
  var canvas = L.canvas({ padding: 0.4, tolerance: 7 });
  var view = L.map(box, { renderer: canvas, preferCanvas: true, zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.75,
    minZoom: 5, maxZoom: 17, scrollWheelZoom: false, fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false });
  view.attributionControl.setPrefix('Leaflet 1.9.4');
  if (m.attribution) { view.attributionControl.addAttribution(plain(m.attribution)); }
  var zoom = L.control.zoom({ position: 'topleft' }).addTo(view);
  /* The wheel scrolls the page until somebody uses the map. */
  box.addEventListener('pointerdown', function () { view.scrollWheelZoom.enable(); });
  box.addEventListener('focus', function () { view.scrollWheelZoom.enable(); });
  box.addEventListener('mouseleave', function () { view.scrollWheelZoom.disable(); });

  var looks = { track: ['#dfe4e2', 0.8], small: ['#ccd3d0', 1.1], middle: ['#b2bab7', 1.8], main: ['#949e9a', 2.8], ferry: ['#5f86a6', 1.6] };
  var roads = m.roads.map(function (group) {
    var look = looks[group.class] || looks.small;
    return { weight: look[1], class: group.class, layer: L.polyline(group.lines.map(decode), { color: look[0], weight: look[1],
      interactive: false, smoothFactor: 1.3, dashArray: group.class === 'ferry' ? '1 5' : null, lineCap: 'round' }).addTo(view) };
  });
  m.borders.forEach(function (code) {
    L.polyline(decode(code), { color: '#7a6a8f', weight: 1.4, dashArray: '10 3 2 3', interactive: false, smoothFactor: 1 }).addTo(view);
  });
  m.towns.forEach(function (p) {
    var e = document.createElement('span'); e.textContent = p.id;
    L.marker([p.lat / 1e5, p.lon / 1e5], { icon: L.divIcon({ className: 'town', html: e, iconSize: [160, 16] }), interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(view);
  });
  view.on('zoomend', function () {
    var size = dotSize();
    dots.eachLayer(function (dot) { dot.setRadius(size); });
    var grow = Math.max(0.6, Math.min(2.2, Math.pow(1.22, view.getZoom() - 10)));
    roads.forEach(function (road) { road.layer.setStyle({ weight: road.weight * grow }); });
  });

  var bounds = L.latLngBounds([]);
  function point(p) { var at = [p.lat / 1e5, p.lon / 1e5]; bounds.extend(at); return at; }
  var routes = data.routes.map(function (route, r) {
    var drawn = [], straight = [];
    route.stops.forEach(function (s) {
      bounds.extend([s.y / 1e5, s.x / 1e5]);
      if (s.l) { (s.f ? straight : drawn).push(decode(s.l)); }
    });
    var group = L.layerGroup(), lines = [];
    [[drawn, null], [straight, '2 6']].forEach(function (part) {
      if (part[0].length) { lines.push(L.polyline(part[0], { color: colour(r), weight: 3, opacity: 0.75, dashArray: part[1], smoothFactor: 1 }).addTo(group)); }
    });
    lines.forEach(function (line) { line.on('click', function (e) { L.DomEvent.stop(e); choose(r, 'map'); }); });
    return { group: group.addTo(view), lines: lines };
  });
  var dots = L.layerGroup().addTo(view);
  /* Small where there are many, so that the roads stay to be seen. */
  var crowd = data.routes.reduce(function (n, route) { return n + route.stops.length; }, 0) > 600 ? 0.65 : 1;
  function dotSize() { return Math.max(2.8, Math.min(6, (view.getZoom() - 4) * 0.85 * crowd)); }
  data.routes.forEach(function (route, r) {
    route.stops.forEach(function (s, i) {
      if (s.k !== 'visit') { return; }
      L.circleMarker([s.y / 1e5, s.x / 1e5], { radius: 4 * crowd, color: '#fff', weight: 1.2 * crowd, fillColor: colour(r), fillOpacity: 1 })
        .on('click', function (e) { L.DomEvent.stop(e); popup(r, i); }).addTo(dots);
    });
  });
  m.unserved.forEach(function (p) {
    L.circleMarker(point(p), { radius: 6, color: '#a01f1b', weight: 3, fillColor: '#fff', fillOpacity: 1 }).on('click', function (e) {
      show([p.lat / 1e5, p.lon / 1e5], p.id, [say('map.unserved')]);
    }).addTo(view);
  });
  m.bases.forEach(function (p) {
    L.marker(point(p), { icon: L.divIcon({ className: 'base-mark', iconSize: [14, 14] }), title: p.id, alt: p.id, keyboard: false }).on('click', function () {
      show([p.lat / 1e5, p.lon / 1e5], p.id, [say('map.base')]);
    }).addTo(view);
  });

  function plain(text) { var e = document.createElement('span'); e.textContent = text; return e.innerHTML; }
  function show(at, title, lines, button) {
    var e = document.createElement('div'), b = e.appendChild(document.createElement('b'));
    b.textContent = title;
    lines.forEach(function (line) { var d = e.appendChild(document.createElement('div')); d.textContent = line; });
    if (button) { e.appendChild(button); }
    L.popup({ maxWidth: 280, autoPanPadding: [20, 20] }).setLatLng(at).setContent(e).openOn(view);
  }
  function popup(r, i) {
    var s = data.routes[r].stops[i], t = tell(r, i), b = document.createElement('button');
    b.type = 'button'; b.textContent = say('map.carer') + ' ' + t.carer;
    b.addEventListener('click', function () { view.closePopup(); choose(r, 'map'); });
    show([s.y / 1e5, s.x / 1e5], t.title, [t.carer].concat(t.lines), chosen === r ? null : b);
  }
  function fit(b) { if (b.isValid()) { view.fitBounds(b, { padding: [24, 24], maxZoom: 14, animate: false }); } else { view.setView([63, 18], 6); } }

  var numbers = L.layerGroup().addTo(view);
  function select(r, move) {
    numbers.clearLayers();
    routes.forEach(function (route, k) {
      var off = r >= 0 && k !== r;
      route.lines.forEach(function (line) {
        line.setStyle({ opacity: off ? 0.13 : r === k ? 1 : 0.75, weight: r === k ? 5 : 3 });
        if (r === k) { line.bringToFront(); }
      });
    });
    if (r < 0) { dots.addTo(view); if (move) { fit(bounds); } return; }
    dots.remove();
    var area = L.latLngBounds([]), seen = {};
    data.routes[r].stops.forEach(function (s, i) {
      area.extend([s.y / 1e5, s.x / 1e5]);
      if (s.l) { decode(s.l).forEach(function (p) { area.extend(p); }); }
      if (s.k !== 'visit') { return; }
      /* Several visits at one home share a mark: "3 · 9". */
      var key = s.y + ',' + s.x;
      (seen[key] = seen[key] || []).push([s, i]);
    });
    Object.keys(seen).forEach(function (key) {
      var here = seen[key], e = document.createElement('span');
      e.textContent = here.map(function (h) { return h[0].n; }).join(' · ');
      var size = [Math.max(26, e.textContent.length * 7 + 14), 26];
      var icon = L.divIcon({ className: 'order', html: e, iconSize: size });
      var mark = L.marker([here[0][0].y / 1e5, here[0][0].x / 1e5], { icon: icon, title: here.map(function (h) { return h[0].v; }).join(', '), riseOnHover: true })
        .on('click', function () { popup(r, here[0][1]); }).addTo(numbers);
      mark.getElement().style.borderColor = colour(r);
      mark.getElement().style.borderRadius = '13px';
    });
    if (move) { fit(area); }
  }
  view.on('click', function () { if (chosen >= 0) { choose(-1, 'map'); } });
  fit(bounds);
  one('map-straight').hidden = !m.straight;
  one('map-thinned').hidden = !m.thinned;
  return {
    select: select, view: view,
    translate: function () {
      zoom._zoomInButton.title = say('map.in'); zoom._zoomInButton.setAttribute('aria-label', say('map.in'));
      zoom._zoomOutButton.title = say('map.out'); zoom._zoomOutButton.setAttribute('aria-label', say('map.out'));
    }
  };
})();

/* One carer is chosen everywhere at once. */
function choose(r, where) {
  chosen = r;
  map.select(r, true);
  all('.row, .labels li').forEach(function (e) { e.classList.toggle('chosen', +e.dataset.r === r); });
  all('[data-choose=route]').forEach(function (e) { e.value = r < 0 ? '' : String(r); });
  if (r >= 0) { sheet(String(r)); }
  if (where === 'map' && r >= 0) { detail(say('col.carer') + ' ' + data.routes[r].carer); }
}
function sheet(value) {
  all('[data-choose=sheet]').forEach(function (e) { e.value = value; });
  all('.sheet').forEach(function (e) { e.hidden = value !== 'all' && e.dataset.r !== value; });
}
all('[data-choose=route]').forEach(function (e) {
  e.addEventListener('change', function () { choose(e.value === '' ? -1 : +e.value, 'list'); });
});
all('[data-choose=sheet]').forEach(function (e) {
  e.addEventListener('change', function () { sheet(e.value); });
});

/* Timeline: pointing, tapping, arrow keys. */
var box = one('gantt-box'), rows = all('.row'), here = null;
function detail(text) {
  var e = one('gantt-detail');
  e.removeAttribute('data-t');
  e.textContent = text;
}
function point(rect) {
  if (here) { here.classList.remove('here'); }
  here = rect;
  rect.classList.add('here');
  var t = tell(+rect.parentNode.dataset.r, +rect.dataset.i);
  detail([t.carer + ' · ' + t.title].concat(t.lines).join(' · '));
}
box.addEventListener('pointerover', function (e) { if (e.target.dataset && e.target.dataset.i) { point(e.target); } });
box.addEventListener('click', function (e) {
  if (e.target.dataset && e.target.dataset.i) { point(e.target); choose(+e.target.parentNode.dataset.r, 'gantt'); }
});
box.addEventListener('keydown', function (e) {
  var bars = here ? all('rect[data-i]', here.parentNode) : [], at = bars.indexOf(here);
  var row = here ? rows.indexOf(here.parentNode) : -1, next = null;
  if (e.target !== box || !rows.length) { return; }
  if (e.key === 'ArrowRight') { next = here ? bars[at + 1] : rows[0].querySelector('rect[data-i]'); }
  else if (e.key === 'ArrowLeft') { next = bars[at - 1]; }
  else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
    var to = rows[row + (e.key === 'ArrowDown' ? 1 : -1)];
    next = to && to.querySelector('rect[data-i]');
  } else if (e.key === 'Enter' && here) {
    choose(+here.parentNode.dataset.r, 'gantt');
    one('sheet-' + here.parentNode.dataset.r).scrollIntoView();
  } else { return; }
  e.preventDefault();
  if (next) {
    point(next);
    var label = all('.labels', box)[0].offsetWidth, x = next.x.baseVal.value, y = next.y.baseVal.value;
    box.scrollLeft = Math.max(Math.min(box.scrollLeft, x - 20), x + label + 60 - box.clientWidth);
    box.scrollTop = Math.max(Math.min(box.scrollTop, y - 20), y + 90 - box.clientHeight);
  }
});
all('.labels a').forEach(function (e) {
  e.addEventListener('click', function () { choose(+e.dataset.r, 'gantt'); });
});
all('.labels .chip').forEach(function (e, r) { e.style.background = colour(r); });

/* Paper. */
function print(what) {
  document.body.dataset.print = what;
  window.print();
}
document.addEventListener('click', function (e) {
  var b = e.target.closest('button');
  if (!b) { return; }
  if (b.dataset.lang) { lang = b.dataset.lang; translate(); }
  switch (b.dataset.do) {
  case 'print-sheets': print('sheets'); break;
  case 'print-report': print('report'); break;
  case 'print-sheet':
    all('.sheet').forEach(function (s) { s.classList.toggle('printing', s.dataset.r === b.dataset.r); });
    print('one');
  }
});
/* Map and timeline are as wide as the screen made them; paper shows them
   smaller and not anew, because a canvas is not drawn again while printing. */
var paper = 690, shrunk = [];
window.addEventListener('beforeprint', function () {
  if (document.body.dataset.print !== 'report') { return; }
  [one('map-box'), box.firstElementChild].forEach(function (e) {
    var wide = e.offsetWidth, high = e.offsetHeight;
    e.style.width = wide + 'px'; e.style.height = high + 'px';
    e.style.zoom = Math.min(1, paper / wide);
    shrunk.push(e);
  });
});
window.addEventListener('afterprint', function () {
  document.body.dataset.print = 'sheets';
  shrunk.forEach(function (e) { e.style.width = e.style.height = e.style.zoom = ''; });
  shrunk = [];
  map.view.invalidateSize();
});

/* On the screen one sheet at a time; paper has them all. */
if (data.routes.length > 1) { sheet('0'); }
if (/^#sheet-\d+$/.test(location.hash)) { sheet(location.hash.slice(7)); }
translate();
})();
