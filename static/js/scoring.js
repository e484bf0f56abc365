/* The score sheet: each cell is saved by itself when it is left; Enter and the arrows go on. One request
   a cell at a time; what could not be saved stays on the page and in this tab's memory. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-scoring]');
  if (!form || !window.fetch || !form.requestSubmit) return;
  var words = form.dataset;
  var note = document.getElementById('saved');
  var token = form.querySelector('[name=csrfmiddlewaretoken]');
  var WAITS = [1, 2, 4, 8, 15, 30];
  var composing = false;

  function say(text, isBad) {
    if (note.textContent === text) return;
    note.textContent = text;
    note.classList.toggle('bad', !!isBad);
  }
  var cells = Array.prototype.map.call(form.querySelectorAll('[data-cell]'), function (row) {
    var cell = { row: row, key: row.dataset.cell, url: row.dataset.url, tries: 0, timer: 0 };
    cell.version = row.querySelector('[name="' + cell.key + '-version"]');
    cell.version.value = cell.version.defaultValue;
    cell.reason = row.querySelector('[name="' + cell.key + '-reason"]');
    cell.note = row.querySelector('[data-note]');
    cell.boxes = Array.prototype.filter.call(row.querySelectorAll('input, select'), function (box) {
      return box.type !== 'hidden';
    });
    cell.saved = JSON.stringify(entries(cell, true));
    return cell;
  });
  function fields(cell) { return cell.boxes.concat([cell.reason]); }
  function entries(cell, atFirst) {
    var found = [];
    fields(cell).forEach(function (field) {
      if (field.type === 'checkbox') {
        if (atFirst ? field.defaultChecked : field.checked) found.push([field.name, field.value]);
        return;
      }
      var value = field.value;
      if (atFirst && field.tagName === 'SELECT') {
        value = '';
        Array.prototype.forEach.call(field.options, function (option) {
          if (option.defaultSelected) value = option.value;
        });
      } else if (atFirst) value = field.defaultValue;
      found.push([field.name, value.trim()]);
    });
    return found;
  }
  function text(cell) { return JSON.stringify(entries(cell)); }
  function isDirty(cell) { return text(cell) !== cell.saved; }
  function cellOf(node) {
    var row = node.closest && node.closest('[data-cell]');
    return cells.filter(function (cell) { return cell.row === row; })[0];
  }
  function mark(cell, said, css) {
    cell.note.textContent = said;
    cell.note.className = 'cell-note' + (css ? ' ' + css : '');
  }

  /* --- the memory of this tab --- */
  function place(cell) { return 'scoring:' + words.scoring + ':' + cell.key; }
  function keep(cell) {
    var held = { user: words.user, version: cell.version.value, entries: entries(cell) };
    try { sessionStorage.setItem(place(cell), JSON.stringify(held)); } catch (error) { /* full or off */ }
  }
  function forget(cell) {
    try { sessionStorage.removeItem(place(cell)); } catch (error) { /* off */ }
  }
  function put(cell, given) {
    fields(cell).forEach(function (field) {
      var values = given.filter(function (entry) { return entry[0] === field.name; });
      if (field.type === 'checkbox') {
        field.checked = values.some(function (entry) { return entry[1] === field.value; });
      } else if (values.length) field.value = values[0][1];
    });
  }
  function recall(cell) {
    var held = null;
    try { held = JSON.parse(sessionStorage.getItem(place(cell))); } catch (error) { return; }
    if (!held) return;
    if (held.user !== words.user || JSON.stringify(held.entries) === cell.saved) { forget(cell); return; }
    put(cell, held.entries);
    cell.version.value = held.version;
    say(words.restored);
    save(cell);
  }

  /* --- saving --- */
  function save(cell) {
    if (composing || cell.blocked || cell.sending || !isDirty(cell)) return;
    clearTimeout(cell.timer);
    keep(cell);
    mark(cell, words.saving);
    if (cell.tries) ask(cell, function () { send(cell); }); else send(cell);
  }
  function body(cell) {
    var data = new FormData();
    entries(cell).forEach(function (entry) { data.append(entry[0], entry[1]); });
    data.append(cell.key + '-version', cell.version.value);
    data.append('csrfmiddlewaretoken', token.value);
    return data;
  }
  function send(cell) {
    var sent = text(cell);
    cell.sent = (cell.sent || []).concat([sent]);
    call(cell, { method: 'POST', body: body(cell) }, function (status, data) {
      if (status === 200 && data) { done(cell, sent, data); return; }
      if (data && data.state === 'conflict') { conflict(cell, data); return; }
      if (data && data.state === 'invalid') { cell.tries = 0; mark(cell, data.fault, 'bad'); return; }
      if (data && data.state === 'refused') { cell.blocked = true; mark(cell, data.message, 'bad'); return; }
      failed(cell, status);
    });
  }
  /* a token after a new login, and whether an answer that got lost had been a success */
  function ask(cell, then) {
    call(cell, { method: 'GET' }, function (status, data) {
      if (status !== 200 || !data) { failed(cell, status); return; }
      token.value = data.token;
      if (wasSent(cell, data.standing)) cell.version.value = data.version;
      then();
    });
  }
  function call(cell, options, then) {
    var stop = window.AbortController ? new AbortController() : null;
    var end = setTimeout(function () { if (stop) stop.abort(); }, 20000);
    cell.sending = true;
    options.headers = { 'HX-Request': 'true' };
    options.credentials = 'same-origin';
    options.cache = 'no-store';
    options.keepalive = document.visibilityState === 'hidden';
    if (stop) options.signal = stop.signal;
    var finish = function (status, data) {
      clearTimeout(end);
      cell.sending = false;
      then(status, data);
    };
    fetch(cell.url, options).then(function (answer) {
      return answer.json().then(
        function (data) { finish(answer.status, data); },
        function () { finish(answer.status, null); }
      );
    }, function () { finish(0, null); });
  }
  function done(cell, sent, data) {
    cell.tries = 0;
    cell.sent = [];
    cell.saved = sent;
    cell.version.value = data.version;
    mark(cell, words.saved.replace('%t', data.at));
    wants(cell);
    if (data.progress) progress(data.progress);
    if (isDirty(cell)) { keep(cell); save(cell); } else forget(cell);
    if (!cells.some(function (other) { return other.tries || other.blocked || isDirty(other); })) {
      say(words.saved.replace('%t', data.at));
    }
  }
  function failed(cell, status) {
    cell.tries += 1;
    if (status === 401 || status === 403) {
      say(words.over, true);
      var link = document.createElement('a');
      link.href = words.login;
      link.target = '_blank';
      link.rel = 'noopener';
      link.textContent = words.loginAgain;
      note.appendChild(document.createTextNode(' '));
      note.appendChild(link);
    } else say(words.again.replace('%n', cell.tries), true);
    cell.timer = setTimeout(save, WAITS[Math.min(cell.tries, WAITS.length) - 1] * 1000, cell);
  }
  /* What stands in the cell is something that this page had sent without hearing of it. */
  function wasSent(cell, standing) {
    return (cell.sent || []).some(function (sent) {
      var values = {};
      JSON.parse(sent).forEach(function (entry) {
        var name = entry[0].slice(cell.key.length + 1);
        (values[name] = values[name] || []).push(entry[1]);
      });
      if ((values.reason || [''])[0] !== standing.reason) return false;
      if (cell.row.dataset.rule === 'points') {
        return parseFloat(values.points[0] || 'NaN') === parseFloat(standing.points || 'NaN') ||
          (!values.points[0] && !standing.points);
      }
      var given = (values.answer || []).filter(function (each) { return each && each !== 'none'; });
      var stands = standing.answer === null ? [] : [].concat(standing.answer).map(String);
      return given.join() === stands.join();
    });
  }
  function conflict(cell, data) {
    if (wasSent(cell, data.standing)) { cell.version.value = data.version; save(cell); return; }
    cell.blocked = true;
    mark(cell, data.message + ' ', 'bad');
    button(cell, words.keep, function () {
      cell.version.value = data.version;
      cell.blocked = false;
      save(cell);
    });
    button(cell, words.take, function () { forget(cell); location.reload(); });
  }
  function button(cell, label, act) {
    var made = document.createElement('button');
    made.type = 'button';
    made.className = 'link';
    made.textContent = label;
    made.addEventListener('click', act);
    cell.note.appendChild(made);
    cell.note.appendChild(document.createTextNode(' '));
  }

  /* --- totals and reasons --- */
  function progress(found) {
    document.querySelector('[data-progress]').textContent = words.done
      .replace('%n', found.done).replace('%m', found.asked).replace('%s', found.total);
    var link = document.querySelector('[data-left-link]');
    link.hidden = !found.missing.length;
    link.textContent = words.left.replace('%n', found.missing.length);
    link.href = '#c-' + (found.missing[0] || '');
  }
  function lost(cell) {
    if (!words.asksReason || cell.row.dataset.kind !== 'normal' || cell.row.dataset.rule !== 'points') return 0;
    var value = parseFloat(cell.boxes[0].value);
    return isFinite(value) ? Math.round((parseFloat(cell.row.dataset.weight) - value) * 100) / 100 : 0;
  }
  function wants(cell) {
    var gap = lost(cell);
    if (gap > 0 && !cell.reason.value.trim()) mark(cell, cell.note.textContent + ' ' + words.lost.replace('%n', gap), 'wants');
  }

  /* --- keyboard --- */
  function go(cell, step) {
    var asked = cells.filter(function (other) { return other === cell || other.row.dataset.asked; });
    var next = asked[asked.indexOf(cell) + step];
    if (!next) { if (step > 0) form.querySelector('[name=check]').focus(); return; }
    next.boxes[0].focus();
    if (next.boxes[0].select) next.boxes[0].select();
    next.row.scrollIntoView({ block: 'nearest' });
  }
  form.addEventListener('keydown', function (event) {
    var cell = cellOf(event.target);
    if (!cell || composing || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    var inReason = event.target === cell.reason, plain = event.target.type === 'text';
    if (event.key === 'Enter' && !(inReason && event.shiftKey)) {
      event.preventDefault();
      if (event.shiftKey) go(cell, -1);
      else if (!inReason && lost(cell) > 0 && !cell.reason.value.trim()) cell.reason.focus();
      else go(cell, 1);
    } else if (plain && event.key === 'ArrowDown') { event.preventDefault(); go(cell, 1); }
    else if (plain && event.key === 'ArrowUp') { event.preventDefault(); go(cell, -1); }
  });
  form.addEventListener('click', function (event) {
    if (!event.target.matches || !event.target.matches('[data-left-link]')) return;
    var first = document.querySelector(event.target.getAttribute('href'));
    if (!first) return;
    event.preventDefault();
    cellOf(first).boxes[0].focus();
    first.scrollIntoView({ block: 'center' });
  });

  /* --- when --- */
  form.addEventListener('compositionstart', function () { composing = true; });
  form.addEventListener('compositionend', function () { composing = false; });
  form.addEventListener('input', function (event) {
    var cell = cellOf(event.target);
    if (!cell || composing) return;
    clearTimeout(cell.keeping);
    cell.keeping = setTimeout(function () { if (isDirty(cell)) keep(cell); }, 200);
    if (!cell.tries && !cell.blocked && isDirty(cell)) mark(cell, words.unsaved);
  });
  form.addEventListener('focusout', function (event) {
    var cell = cellOf(event.target);
    composing = false;
    if (cell && !cell.tries) save(cell);
  });
  form.addEventListener('change', function (event) {
    var cell = cellOf(event.target);
    if (cell && !cell.tries) save(cell);
  });
  setInterval(function () { cells.forEach(function (cell) { if (!cell.tries) save(cell); }); }, 10000);
  function again() { cells.forEach(function (cell) { if (cell.tries) save(cell); }); }
  window.addEventListener('online', again);
  window.addEventListener('focus', again);
  document.addEventListener('visibilitychange', function () { cells.forEach(save); });
  window.addEventListener('pagehide', function () {
    if (!navigator.sendBeacon) return;
    cells.forEach(function (cell) {
      if (cell.blocked || !isDirty(cell)) return;
      keep(cell);
      navigator.sendBeacon(cell.url, body(cell));
    });
  });
  form.addEventListener('submit', function (event) {
    if (!cells.some(function (cell) { return cell.sending; }) || form.dataset.waited) return;
    event.preventDefault();
    form.dataset.waited = '1';
    var pressed = event.submitter, until = Date.now() + 3000;
    var timer = setInterval(function () {
      if (Date.now() < until && cells.some(function (cell) { return cell.sending; })) return;
      clearInterval(timer);
      form.requestSubmit(pressed);
    }, 50);
  });
  cells.forEach(recall);
})();
