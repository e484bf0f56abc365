/* Small improvements; every page works without them. */
(function () {
  'use strict';
  var each = function (list, act) { Array.prototype.forEach.call(list, act); };
  var words = document.body.dataset;
  var live = document.getElementById('live');
  var waiting = new WeakMap();

  /* htmx: waiting state after 300 ms, failures said in place, results announced */
  function target(event) { return event.detail.target || event.target; }

  document.addEventListener('htmx:beforeRequest', function (event) {
    var box = target(event);
    waiting.set(box, setTimeout(function () {
      box.classList.add('is-loading');
      box.setAttribute('aria-busy', 'true');
    }, 300));
  });
  document.addEventListener('htmx:afterRequest', function (event) {
    var box = target(event);
    clearTimeout(waiting.get(box));
    box.classList.remove('is-loading');
    box.removeAttribute('aria-busy');
  });

  function failure(event, text) {
    var box = target(event);
    var old = document.getElementById('failure');
    if (old) old.remove();
    var note = document.createElement('div');
    note.id = 'failure';
    note.className = 'banner error';
    note.setAttribute('role', 'alert');
    note.appendChild(document.createTextNode(text + ' '));
    var again = document.createElement('a');
    again.href = location.href;
    again.textContent = words.retry;
    note.appendChild(again);
    box.parentNode.insertBefore(note, box);
  }
  document.addEventListener('htmx:responseError', function (event) {
    var status = event.detail.xhr.status;
    if (status === 401) { location.reload(); return; }
    failure(event, status === 403 ? words.refused : words.failed);
  });
  document.addEventListener('htmx:sendError', function (event) { failure(event, words.offline); });
  document.addEventListener('htmx:timeout', function (event) { failure(event, words.offline); });
  document.addEventListener('htmx:afterSettle', function (event) {
    var old = document.getElementById('failure');
    if (old) old.remove();
    var root = document.getElementById(target(event).id) || document;
    var said = root.querySelector('[data-announce]');
    if (said && live) live.textContent = said.textContent;
    prepare(root);
  });

  /* filters: choices apply at once, typed text after 400 ms (ime.js keeps composition away) */
  function refilter(form) {
    var state = new URLSearchParams(new FormData(form)).toString();
    if (form.dataset.state === state) return;
    form.dataset.state = state;
    form.dispatchEvent(new Event('refilter'));
  }
  document.addEventListener('change', function (event) {
    var form = event.target.closest('.filters form');
    if (form && !event.target.matches('[type=search], [type=text]')) refilter(form);
  });
  var typed = 0;
  document.addEventListener('input', function (event) {
    var form = event.target.closest('.filters form');
    if (!form || !event.target.matches('[type=search], [type=text]')) return;
    clearTimeout(typed);
    typed = setTimeout(refilter, 400, form);
  });

  /* saved views: the one whose filters apply is marked, also after a swap */
  function state(search) {
    var parts = [];
    new URLSearchParams(search).forEach(function (value, name) {
      if (value && name !== 'page') parts.push(name + '=' + value);
    });
    return parts.sort().join('&');
  }
  document.addEventListener('htmx:pushedIntoHistory', function () {
    each(document.querySelectorAll('.views a[href^="?"]'), function (link) {
      if (state(link.search) === state(location.search)) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    });
  });

  /* counters: written characters without blanks, by code point; going over is allowed */
  function count(note) {
    var area = document.getElementById(note.dataset.for);
    if (!area) return;
    var show = function () {
      var written = Array.from(area.value.replace(/\s/g, '')).length;
      var left = note.dataset.limit - written;
      var text = left < 0 ? note.dataset.over : note.dataset.left;
      note.textContent = text.replace('%n', written).replace('%m', Math.abs(left));
      note.classList.toggle('over', left < 0);
    };
    area.addEventListener('input', show);
    if (area.value) show();
  }

  /* the matrix: one tab stop a row, arrows inside */
  function matrix(table) {
    each(table.rows, function (row) {
      each(row.querySelectorAll('td a'), function (link) { link.tabIndex = -1; });
    });
    table.addEventListener('keydown', function (event) {
      var step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      var cell = event.target.closest('td, th');
      if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey) return;
      var next = step[0] ? beside(cell, step[0]) : below(cell, step[1]);
      if (next) { event.preventDefault(); next.focus(); }
    });
  }
  function beside(cell, way) {
    while ((cell = way > 0 ? cell.nextElementSibling : cell.previousElementSibling)) {
      if (cell.querySelector('a')) return cell.querySelector('a');
    }
    return null;
  }
  function below(cell, way) {
    var rows = Array.from(cell.closest('table').rows);
    var at = rows.indexOf(cell.parentNode);
    for (at += way; rows[at]; at += way) {
      var link = rows[at].cells[cell.cellIndex] && rows[at].cells[cell.cellIndex].querySelector('a');
      if (link) return link;
    }
    return null;
  }

  /* rows opened before carry a thin mark for this session */
  function seen(root) {
    var known = [];
    try { known = JSON.parse(sessionStorage.getItem('seen') || '[]'); } catch (error) { return; }
    each(root.querySelectorAll('.ledger tbody th a'), function (link) {
      if (known.indexOf(link.pathname) >= 0) link.closest('tr').classList.add('seen');
    });
  }
  document.addEventListener('click', function (event) {
    var link = event.target.closest('.ledger tbody th a');
    if (link) {
      try {
        var known = JSON.parse(sessionStorage.getItem('seen') || '[]');
        sessionStorage.setItem('seen', JSON.stringify([link.pathname].concat(known).slice(0, 200)));
      } catch (error) { /* storage switched off: no marks */ }
    }
    each(document.querySelectorAll('details.menu[open]'), function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') return;
    each(document.querySelectorAll('details.menu[open]'), function (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
    });
  });

  /* a second press of a submit button sends nothing twice */
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(function () { delete form.dataset.sent; }, 5000);
  });
  document.addEventListener('click', function (event) {
    if (event.target.closest('[data-print]')) { event.preventDefault(); window.print(); }
  });

  function prepare(root) {
    each(root.querySelectorAll('[data-print][hidden]'), function (button) { button.hidden = false; });
    each(root.querySelectorAll('.count[data-for]'), count);
    each(root.querySelectorAll('table[data-matrix]'), matrix);
    seen(root);
    var first = root.querySelector('[data-focus]');
    if (first) first.focus();
  }

  if (matchMedia('(max-width: 640px)').matches) {
    each(document.querySelectorAll('details.filters'), function (box) { box.open = false; });
  }
  var here = document.querySelector('.nav [aria-current]');
  var strip = here && here.closest('.nav');
  if (strip && here.offsetLeft + here.offsetWidth > strip.clientWidth) {
    strip.scrollLeft = here.offsetLeft - 60;
  }
  prepare(document);
})();
