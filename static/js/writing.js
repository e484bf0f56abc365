/* Saving while a report is written: on leaving a box, every ten seconds, on leaving the page. One
   request a section at a time; what could not be saved stays on the page and in this tab's memory. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-writing]');
  if (!form || !window.fetch || !form.requestSubmit) return;
  var words = form.dataset;
  var note = document.getElementById('saved');
  var live = document.getElementById('live');
  var token = form.querySelector('[name=csrfmiddlewaretoken]');
  var tab = form.querySelector('[name=tab]').value;
  var WAITS = [2, 4, 8, 15, 30];
  var composing = false, leaving = false, lastSaved = '';
  var each = function (list, act) { Array.prototype.forEach.call(list, act); };

  /* --- what the writer is told --- */
  function say(text, isBad, link) {
    if (note.dataset.said === text) return;
    note.dataset.said = text;
    note.textContent = text;
    note.classList.toggle('bad', !!isBad);
    if (isBad && live) live.textContent = text;
    if (!link) return;
    var a = document.createElement('a');
    a.href = words.login;
    a.target = '_blank';
    a.rel = 'noopener';
    a.textContent = link;
    note.appendChild(document.createTextNode(' '));
    note.appendChild(a);
  }
  function sayOver() {
    say(lastSaved ? words.over.replace('%t', lastSaved) : words.overNone, true, words.loginAgain);
  }

  /* --- sections --- */
  var parts = Array.prototype.map.call(form.querySelectorAll('[data-section]'), function (box) {
    var part = { box: box, id: box.dataset.section, url: box.dataset.save, tries: 0, timer: 0 };
    part.version = box.querySelector('[name="' + part.id + '-version"]');
    part.base = box.querySelector('[name="' + part.id + '-base"]');
    /* a reload puts back what was in the boxes, and old numbers: what the server wrote counts */
    part.version.value = box.dataset.version;
    part.saved = 'unsaved' in box.dataset ? '' : JSON.stringify(entries(part, true));
    part.blocked = !!box.querySelector('.contest');
    return part;
  });
  function partOf(node) {
    var box = node.closest && node.closest('[data-section]');
    return parts.filter(function (part) { return part.box === box; })[0];
  }
  function fields(part) {
    return Array.prototype.filter.call(part.box.querySelectorAll('[name]'), function (field) {
      var name = field.name.slice(part.id.length + 1);
      return field.tagName !== 'BUTTON' && field.type !== 'file' &&
        ['version', 'base', 'other', 'choose'].indexOf(name) < 0;
    });
  }
  function entries(part, atFirst) {
    return fields(part).filter(function (field) {
      return !/^(radio|checkbox)$/.test(field.type) || (atFirst ? field.defaultChecked : field.checked);
    }).map(function (field) {
      var choice = /^(radio|checkbox)$/.test(field.type);
      return [field.name, (atFirst && !choice ? field.defaultValue : field.value).replace(/\s+$/, '')];
    });
  }
  function text(part) { return JSON.stringify(entries(part)); }
  function isDirty(part) { return text(part) !== part.saved; }
  function body(part, version) {
    var data = new FormData();
    entries(part).forEach(function (entry) { data.append(entry[0], entry[1]); });
    data.append(part.id + '-version', version);
    data.append('tab', tab);
    data.append('csrfmiddlewaretoken', token.value);
    if (part.restored) data.append('restored', '1');
    return data;
  }

  /* --- the memory of this tab --- */
  function keyOf(part) { return 'writing:' + words.writing + ':' + part.id; }
  function keep(part) {
    var held = { user: words.user, version: part.version.value, entries: entries(part) };
    try { sessionStorage.setItem(keyOf(part), JSON.stringify(held)); } catch (error) { /* full or off */ }
  }
  function forget(part) {
    try { sessionStorage.removeItem(keyOf(part)); } catch (error) { /* off */ }
  }
  function recall(part) {
    var held = null;
    try { held = JSON.parse(sessionStorage.getItem(keyOf(part))); } catch (error) { return; }
    if (!held) return;
    if (held.user !== words.user || JSON.stringify(held.entries) === part.saved) { forget(part); return; }
    fields(part).forEach(function (field) {
      var values = held.entries.filter(function (entry) { return entry[0] === field.name; });
      var found = values.map(function (entry) { return entry[1]; });
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = found.indexOf(field.value) >= 0;
      else if (found.length) field.value = found[0];
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    part.version.value = held.version;
    part.restored = true;
    say(words.restored);
    save(part);
  }

  /* --- saving --- */
  function save(part) {
    if (composing || part.blocked || part.sending || !isDirty(part)) return;
    clearTimeout(part.timer);
    keep(part);
    if (part.tries) { ask(part, function () { send(part); }); } else { send(part); }
  }
  function send(part) {
    var sent = text(part);
    if (!part.tries) say(words.saving);
    call(part, { method: 'POST', body: body(part, part.version.value) }, function (answer, data) {
      if (answer.status === 200) { done(part, sent, data); return; }
      if (data && data.state === 'known') { forget(part); leaving = true; location.reload(); return; }
      if (data && data.state === 'conflict') { conflict(part, data); return; }
      if (data && data.state === 'refused') { part.blocked = true; say(data.message, true); return; }
      failed(part, answer.status);
    });
  }
  /* a token after a new login, and whether an answer that got lost had been a success */
  function ask(part, then) {
    call(part, { method: 'GET' }, function (answer, data) {
      if (answer.status !== 200 || !data) { failed(part, answer.status); return; }
      token.value = data.token;
      if (data.tab === tab) part.version.value = data.version;
      then();
    });
  }
  function call(part, options, then) {
    var stop = window.AbortController ? new AbortController() : null;
    var slow = setTimeout(function () { say(words.slow, true); }, 4000);
    var end = setTimeout(function () { if (stop) stop.abort(); }, 20000);
    part.sending = true;
    options.headers = { 'HX-Request': 'true' };
    options.credentials = 'same-origin';
    options.cache = 'no-store';
    options.keepalive = document.visibilityState === 'hidden';
    if (stop) options.signal = stop.signal;
    var finish = function (answer, data) {
      clearTimeout(slow);
      clearTimeout(end);
      part.sending = false;
      then(answer, data);
    };
    fetch(part.url, options).then(function (answer) {
      return answer.json().then(
        function (data) { finish(answer, data); },
        function () { finish(answer, null); }
      );
    }, function () { finish({ status: 0 }, null); });
  }
  function done(part, sent, data) {
    part.tries = 0;
    part.restored = false;
    part.saved = sent;
    part.version.value = data.version;
    part.base.value = data.base;
    lastSaved = data.at;
    marks(part, data);
    if (isDirty(part)) { keep(part); } else { forget(part); }
    if (!parts.some(function (other) { return other.tries || other.blocked; })) {
      say(words.saved.replace('%t', data.at));
    }
  }
  function failed(part, status) {
    part.tries += 1;
    if (status === 401) sayOver(); else say(words.again.replace('%n', part.tries), true);
    if (status === 404) { part.blocked = true; return; }
    part.timer = setTimeout(save, WAITS[Math.min(part.tries, WAITS.length) - 1] * 1000, part);
  }
  function conflict(part, data) {
    var own = data.tab === tab;
    part.version.value = data.version;
    if (own) { save(part); return; }
    part.blocked = true;
    var panel = document.querySelector('[data-panel="' + part.id + '"]');
    panel.innerHTML = data.panel;
    panel.firstElementChild.focus();
    say(words.choose, true);
  }

  /* --- marks on the page --- */
  function marks(part, data) {
    each(document.querySelectorAll('[data-state="' + part.id + '"]'), function (mark) {
      mark.textContent = data.word;
      if (mark.classList.contains('state')) mark.className = 'state ' + data.section;
    });
    each(part.box.querySelectorAll('[data-origin]'), function (mark) {
      if (data.origins.indexOf(mark.dataset.origin.split('-').pop()) < 0) mark.remove();
    });
    each(part.box.querySelectorAll('[data-fault]'), function (old) { old.remove(); });
    Object.keys(data.errors).forEach(function (id) {
      var field = document.getElementById(id);
      var fault = document.createElement('p');
      fault.className = 'errorlist';
      fault.dataset.fault = id;
      fault.textContent = data.errors[id];
      if (field) field.parentNode.insertBefore(fault, field);
      if (live) live.textContent = data.errors[id];
    });
  }
  function grow(area) {
    if (area.tagName !== 'TEXTAREA' || area.scrollHeight <= area.clientHeight) return;
    area.style.height = area.scrollHeight + 4 + 'px';
  }
  function offer(area) {
    var button = document.querySelector('[data-carry="' + area.id + '"]');
    if (button) button.hidden = !!area.value.trim();
  }

  /* --- when --- */
  form.addEventListener('compositionstart', function () { composing = true; });
  form.addEventListener('compositionend', function () { composing = false; });
  form.addEventListener('input', function (event) {
    var part = partOf(event.target);
    grow(event.target);
    offer(event.target);
    if (!part || composing || event.target.type === 'file') return;
    clearTimeout(part.keeping);
    part.keeping = setTimeout(function () { if (isDirty(part)) keep(part); }, 300);
    if (!part.tries && !part.blocked && isDirty(part)) say(words.unsaved);
  });
  form.addEventListener('focusin', function (event) {
    if (!partOf(event.target) || !event.target.id) return;
    try { sessionStorage.setItem('writing:at', words.writing + ' ' + event.target.id); } catch (error) { /* off */ }
  });
  form.addEventListener('focusout', function (event) {
    var part = partOf(event.target);
    composing = false;
    if (part && !part.tries) save(part);
  });
  form.addEventListener('change', function (event) {
    var part = partOf(event.target);
    if (part && event.target.type !== 'file' && !part.tries) save(part);
  });
  setInterval(function () {
    parts.forEach(function (part) { if (!part.tries) save(part); });
  }, 10000);
  function again() { parts.forEach(function (part) { if (part.tries) save(part); }); }
  window.addEventListener('online', again);
  /* back from elsewhere: perhaps from a new login, which changes the token of every form */
  var away = 0;
  window.addEventListener('blur', function () { away = Date.now(); });
  window.addEventListener('focus', function () {
    again();
    if (away && Date.now() - away > 60000 && parts[0] && !parts[0].sending && !parts[0].tries) ask(parts[0], function () { save(parts[0]); });
    away = 0;
  });
  document.addEventListener('visibilitychange', function () {
    if (document.visibilityState === 'hidden') composing = false;
    parts.forEach(save);
  });
  window.addEventListener('pagehide', function () {
    if (leaving || !navigator.sendBeacon) return;
    parts.forEach(function (part) {
      if (part.blocked || !isDirty(part)) return;
      keep(part);
      /* one that is on its way will have raised the version */
      navigator.sendBeacon(part.url, body(part, +part.version.value + (part.sending ? 1 : 0)));
    });
  });
  window.addEventListener('pageshow', function (event) {
    if (!event.persisted) return;
    leaving = false;
    parts.forEach(function (part) { ask(part, function () { save(part); }); });
  });
  form.addEventListener('submit', function (event) {
    if (event.defaultPrevented) return;
    if (parts.some(function (part) { return part.sending; }) && !form.dataset.waited) {
      event.preventDefault();
      form.dataset.waited = '1';
      var button = event.submitter, until = Date.now() + 3000;
      var timer = setInterval(function () {
        if (Date.now() < until && parts.some(function (part) { return part.sending; })) return;
        clearInterval(timer);
        form.requestSubmit(button);
      }, 50);
      return;
    }
    delete form.dataset.waited;
    leaving = true;
    parts.forEach(function (part) { clearTimeout(part.timer); if (isDirty(part)) keep(part); });
  });

  /* --- coming back --- */
  each(form.querySelectorAll('textarea'), function (area) { grow(area); offer(area); });
  parts.forEach(function (part) {
    if (part.blocked) return;
    recall(part);
    save(part);
  });
  (function () {
    var at = '', wanted = location.hash && document.getElementById(location.hash.slice(1));
    try { at = sessionStorage.getItem('writing:at') || ''; } catch (error) { /* off */ }
    var cameBack = /\/login\//.test(document.referrer) || parts.some(function (part) { return part.restored; });
    if (!wanted && cameBack && at.split(' ')[0] === words.writing) wanted = document.getElementById(at.split(' ')[1]);
    if (wanted && /^(TEXTAREA|INPUT)$/.test(wanted.tagName)) wanted.focus();
  })();
})();
