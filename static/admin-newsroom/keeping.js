// Keeps what is typed into a story's form: in this browser every two seconds, on the server a little later.
// What was kept and not saved is offered when the form is opened again, and put back only when asked for.
'use strict';
{
    const WRITE_EVERY = 2000;
    const SEND_EVERY = 5000;
    const TRY_AGAIN_AFTER = 15000;
    const KEPT_FOR = 14 * 24 * 3600 * 1000;

    const box = document.querySelector('[data-keeping]');
    const settings = JSON.parse(box.dataset.keeping);
    const form = box.closest('form');
    const find = (name) => box.querySelector(name);
    const [offer, told, times, trouble, said] = ['offer', 'kept', 'kept-times', 'kept-trouble', 'kept-said'].map((name) => find(`.desk-${name}`));

    const make = (tag, attributes = {}, ...children) => {
        const element = Object.assign(document.createElement(tag), attributes);
        element.append(...children);
        return element;
    };

    // The store of the browser -------------------------------------------------------------------------------------

    const asked = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });

    const opened = (() => {
        const request = indexedDB.open('newsroom', 1);
        request.onupgradeneeded = () => request.result.createObjectStore('copies', {keyPath: 'id'});
        return asked(request);
    })();
    // Whoever waits for it hears of it.
    opened.catch(() => {});

    // Strict: what is written is on the disk, whatever becomes of the browser.
    const write = async (change) => {
        const transaction = (await opened).transaction('copies', 'readwrite', {durability: 'strict'});
        change(transaction.objectStore('copies'));
        return new Promise((resolve, reject) => {
            transaction.oncomplete = resolve;
            transaction.onabort = () => reject(transaction.error);
            // At once: the page may be about to go.
            transaction.commit?.();
        });
    };
    const keepCopy = (copy) => write((copies) => copies.put(copy));
    const dropCopy = (id) => write((copies) => copies.delete(id)).catch(() => {});
    const allCopies = async () => asked((await opened).transaction('copies').objectStore('copies').getAll());

    // What stands in the form --------------------------------------------------------------------------------------

    const LEFT_OUT = new Set(['hidden', 'file', 'submit', 'button', 'image', 'reset', 'password']);
    const isKept = (control) => control.name && !LEFT_OUT.has(control.type) && !control.disabled
        && !control.name.startsWith('_') && !control.name.includes('__prefix__') && !(control instanceof HTMLFieldSetElement)
        && !(control instanceof HTMLOutputElement);
    const named = (name) => {
        const found = form.elements[name];
        return found instanceof RadioNodeList ? [...found] : found ? [found] : [];
    };

    // Rows change their numbers when others come or go. A stored row is known by its key, a new one by its place
    // among the new ones: "citations-2-title" → "citations#17-title" or "citations+0-title".
    function rowKeys() {
        const keys = new Map();
        for (const total of form.querySelectorAll('input[name$="-TOTAL_FORMS"]')) {
            const prefix = total.name.replace(/-TOTAL_FORMS$/, '');
            let fresh = 0;
            for (let number = 0; number < Number(total.value); number += 1) {
                const id = form.elements[`${prefix}-${number}-id`]?.value;
                keys.set(`${prefix}-${number}-`, id ? `${prefix}#${id}-` : `${prefix}+${fresh++}-`);
            }
        }
        return keys;
    }
    const keyOf = (name, rows) => {
        const [, row, field] = /^(\w+-\d+-)(.+)$/.exec(name) || [];
        return rows.has(row) ? rows.get(row) + field : name;
    };

    function valuesOf(control, isInitial) {
        if (control instanceof HTMLSelectElement) {
            const options = [...control.options];
            const chosen = options.filter((option) => (isInitial ? option.defaultSelected : option.selected));
            return (chosen.length || control.multiple ? chosen : options.slice(0, 1)).map((option) => option.value);
        }
        if (control.type === 'checkbox' || control.type === 'radio') {
            return (isInitial ? control.defaultChecked : control.checked) ? [control.value] : [];
        }
        return [(isInitial ? control.defaultValue : control.value).replace(/\r\n?/g, '\n')];
    }

    // Key → its values, as they are or as the page came.
    function read(isInitial = false) {
        const rows = rowKeys();
        const found = new Map();
        for (const control of [...form.elements].filter(isKept)) {
            const key = keyOf(control.name, rows);
            found.set(key, [...(found.get(key) || []), ...valuesOf(control, isInitial)]);
        }
        return found;
    }

    // Enough to tell whether a field holds what it held (53 bits, after cyrb53).
    function digest(values) {
        let [one, two] = [0xdeadbeef, 0x41c6ce57];
        for (const sign of JSON.stringify(values)) {
            const code = sign.codePointAt(0);
            one = Math.imul(one ^ code, 2654435761);
            two = Math.imul(two ^ code, 1597334677);
        }
        one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
        two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
        return `${4294967296 * (2097151 & two) + (one >>> 0)}`;
    }

    const isNew = (key) => /^\w+\+\d+-/.test(key);
    const controlOf = (key) => {
        const rows = rowKeys();
        return [...form.elements].filter((control) => isKept(control) && keyOf(control.name, rows) === key);
    };

    // What the page came with. A form that came back with errors came with what was typed: what it was based on says
    // the copy that it was sent with.
    const initial = new Map([...read(true)].filter(([key]) => !isNew(key)).map(([key, values]) => [key, digest(values)]));

    function changedFields() {
        const fields = {};
        for (const [key, values] of read()) {
            const base = initial.get(key) ?? '';
            if (digest(values) !== base) {
                fields[key] = {values, base};
                const options = controlOf(key).flatMap((control) => [...(control.selectedOptions || [])]);
                if (options.length) {
                    fields[key].labels = Object.fromEntries(options.map((option) => [option.value, option.text]));
                }
            }
        }
        return fields;
    }

    const body = form.querySelector('textarea[data-editor]');
    // Pictures and stories that the text names and that the page, when it comes again, will not know.
    const knownIn = (text) => Object.fromEntries(Object.entries(body?.known || {}).map(([kind, found]) => [
        kind, Object.fromEntries(Object.entries(found).filter(([uid]) => text.includes(uid))),
    ]));

    // Keeping ------------------------------------------------------------------------------------------------------

    const randomKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const id = randomKey();
    let formKey = settings.story || `new-${randomKey()}`;
    let number = 0;
    let mark = '{}';
    let sentMark = '{}';
    let isSending = false;
    let isLeaving = false;
    let sendAfter = 0;
    let renewals = 0;
    // Copies that this page has taken over: gone once what they hold is kept anew.
    let adopted = [];
    // What nobody has decided on yet stands on the server alone: nothing is written over it.
    let mayOverwrite = false;
    let typedAt;

    const holdLock = () => navigator.locks?.request(`newsroom-copy-${id}`, () => new Promise(() => {}));
    const heldLocks = async () => new Set(((await navigator.locks?.query())?.held || []).map((lock) => lock.name));

    const clock = (moment, seconds) => new Date(moment).toLocaleTimeString('en-GB', {
        hour: '2-digit', minute: '2-digit', ...(seconds ? {second: '2-digit'} : {}),
    });
    const kept = {browser: '', server: ''};
    const showTimes = () => {
        const parts = [
            kept.browser && `Kept in this browser ${kept.browser}`,
            kept.server && (kept.browser ? `on the server ${kept.server}` : `Kept on the server ${kept.server}`),
        ].filter(Boolean);
        times.textContent = parts.join(' · ');
        times.hidden = parts.length === 0;
    };
    // Problems are announced, and once each; what goes well is only shown.
    const problems = {};
    const showTrouble = (place, ...nodes) => {
        const text = nodes.map((node) => node.textContent ?? node).join('');
        if ((problems[place]?.text || '') !== text) {
            problems[place] = {text, nodes};
            trouble.replaceChildren(...Object.values(problems).flatMap((each) => [...each.nodes, ' ']));
        }
    };

    const copyOf = (fields) => ({
        id, number, person: settings.person, story: settings.story, form: formKey, typedAt, basedOn: settings.basedOn,
        fields, known: knownIn(body?.value || ''),
    });

    // Returns the copy where there is anything to keep.
    function take() {
        const fields = changedFields();
        const next = JSON.stringify(fields);
        if (next !== mark) {
            [mark, number, typedAt] = [next, number + 1, Date.now()];
            return copyOf(fields);
        }
        return null;
    }

    async function tick() {
        const copy = take();
        if (copy) {
            try {
                await (mark === '{}' ? dropCopy(id) : keepCopy(copy));
                kept.browser = mark === '{}' ? '' : clock(typedAt, true);
                showTrouble('browser');
                // What was taken over is now kept under this page's own name.
                adopted.splice(0).forEach(dropCopy);
            } catch {
                kept.browser = '';
                showTrouble('browser', 'This browser keeps nothing: save often.');
            }
            showTimes();
        }
        send();
    }

    const isSignedOut = (answer) => answer.type === 'opaqueredirect';
    const request = (method, query = '', content = undefined) => fetch(settings.address + query, {
        method, redirect: 'manual', body: content,
        headers: {'Content-Type': 'application/json', 'X-CSRFToken': form.elements.csrfmiddlewaretoken.value},
    });

    // A session that ended took the form's token along: after the next signing-in there is another one.
    async function renewToken() {
        const answer = await request('GET', settings.story ? `?story=${settings.story}` : '');
        if (isSignedOut(answer)) {
            return answer;
        }
        const {token} = await answer.json();
        if (token) {
            document.querySelectorAll('input[name=csrfmiddlewaretoken]').forEach((input) => { input.value = token; });
        }
        return null;
    }

    async function deliver(sending) {
        const answer = mark === '{}'
            ? await request('DELETE', `?form=${formKey}`)
            : await request('POST', '', sending);
        if (isSignedOut(answer) || answer.ok || answer.headers.get('Content-Type') === 'application/json') {
            return answer;
        }
        renewals += 1;
        return answer.status === 403 && renewals < 3 ? renewToken() : answer;
    }

    async function send() {
        if (isSending || isLeaving || !mayOverwrite || mark === sentMark || Date.now() < sendAfter) {
            return;
        }
        isSending = true;
        const [sentNow, when] = [mark, Date.now()];
        sendAfter = when + SEND_EVERY;
        try {
            const copy = copyOf(JSON.parse(mark));
            const answer = await deliver(JSON.stringify({
                person: settings.person, story: settings.story, form: formKey, basedOn: settings.basedOn, content: copy,
            }));
            if (answer?.ok) {
                [sentMark, renewals] = [sentNow, 0];
                kept.server = sentNow === '{}' ? '' : clock(when, true);
                showTrouble('server');
                showTimes();
            } else if (answer) {
                sendAfter = Date.now() + TRY_AGAIN_AFTER;
                showTrouble('server', ...await explained(answer));
            } else {
                sendAfter = 0;
            }
        } catch {
            sendAfter = Date.now() + TRY_AGAIN_AFTER;
            showTrouble('server', 'The server does not answer: your text is kept in this browser.');
        }
        isSending = false;
    }

    async function explained(answer) {
        if (isSignedOut(answer)) {
            const link = make('a', {href: settings.signIn, target: '_blank'}, 'sign in again in another tab');
            return ['You are signed out: your text is kept in this browser; ', link, '.'];
        }
        const error = answer.headers.get('Content-Type') === 'application/json' ? (await answer.json()).error : '';
        return [`${error || 'The server refuses it.'} Your text is kept in this browser.`];
    }

    // Offering what was kept ---------------------------------------------------------------------------------------

    const same = (one, two) => JSON.stringify(one.map((each) => each.trim())) === JSON.stringify(two.map((each) => each.trim()));

    // A row that was new when it was typed may be stored by now: the server has it if some row says the same.
    function hasRow(copy, row, current) {
        const typed = Object.entries(copy.fields).filter(([key]) => key.startsWith(row));
        const starts = new Set([...current.keys()].map((key) => /^(\w+)[#+]\d+-/.exec(key)?.[0]).filter(Boolean));
        const prefix = row.split('+')[0];
        return [...starts].some((start) => start.split(/[#+]/)[0] === prefix && typed.every(([key, {values}]) => (
            values.every((value) => value.trim() === '') || same(values, current.get(start + key.slice(row.length)) || [])
        )));
    }

    const differing = (copy, current = read()) => {
        return Object.keys(copy.fields).filter((key) => {
            const [row] = /^\w+\+\d+-/.exec(key) || [];
            return row ? !hasRow(copy, row, current) : !same(copy.fields[key].values, current.get(key) || []);
        });
    };

    const labelOf = (key) => {
        const [control] = controlOf(key);
        const text = (control?.getAttribute('aria-label') || control?.labels?.[0]?.textContent || '').trim().replace(/:$/, '');
        const [, prefix, rest] = /^(\w+)[#+]\d+-(.+)$/.exec(key) || [];
        const group = prefix && document.querySelector(`#${CSS.escape(prefix)}-heading`)?.textContent.trim();
        const plain = (rest || key).replace(/_\d$/, '').replaceAll('_', ' ');
        // The halves of a time are called date and time, whichever time it is.
        const name = !text || /_\d$/.test(key) ? [plain, text].filter(Boolean).join(', ') : text;
        return [group || prefix?.replaceAll('_', ' '), name].filter(Boolean).join(': ');
    };

    const asText = (values, labels = {}) => values.map((value) => labels[value] ?? value).map((value) => (
        /<\w/.test(value) ? new DOMParser().parseFromString(value.replace(/\sstyle=/gi, ' data-style='), 'text/html').body.textContent : value
    )).join(', ').replace(/\s+/g, ' ').trim();

    // The first words that differ, with a few before them.
    function excerpt(key, {values, labels}) {
        const typed = asText(values, labels);
        const here = asText(read().get(key) || []);
        let start = 0;
        while (start < typed.length && typed[start] === here[start]) {
            start += 1;
        }
        const from = Math.max(0, start - 30);
        const shown = typed.slice(from, from + 140);
        return shown ? `${from ? '…' : ''}${shown}${typed.length > from + 140 ? '…' : ''}` : 'empty';
    }

    const moment = (copy) => {
        const day = new Date(copy.typedAt);
        const isToday = day.toDateString() === new Date().toDateString();
        const told = isToday ? '' : ` on ${day.toLocaleDateString('en-GB', {day: 'numeric', month: 'long'})}`;
        return `typed${told} at ${clock(day)}`;
    };

    const button = (text, action, attributes = {}) => {
        const made = make('button', {type: 'button', className: 'button', ...attributes}, text);
        made.addEventListener('click', action);
        return made;
    };

    const say = (...nodes) => {
        const line = make('p', {tabIndex: -1}, ...nodes);
        offer.replaceChildren(line);
        offer.hidden = false;
        return line;
    };

    function show(waiting) {
        const [copy, ...others] = waiting;
        if (!copy) {
            offer.hidden = true;
            return;
        }
        const keys = differing(copy);
        const current = read();
        // Neither what it was when this was typed, nor what was typed.
        const overtaken = keys.filter((key) => copy.fields[key].base && copy.fields[key].base !== digest(current.get(key) || []));
        const list = make('dl', {}, ...keys.flatMap((key) => [
            make('dt', {}, labelOf(key), ...(overtaken.includes(key) ? [make('em', {}, ' (saved otherwise since)')] : [])),
            make('dd', {}, excerpt(key, copy.fields[key])),
        ]));
        const where = copy.isFromServer ? ' elsewhere' : '';
        const headline = settings.story ? '' : asText(copy.fields.headline?.values || []);
        const warning = overtaken.length ? ' The story was saved since: look at what differs.' : '';
        say(`Text ${moment(copy)}${where} was not saved${headline && `: “${headline}”`}.${warning}`);
        offer.append(
            make('p', {className: 'desk-offer-buttons'},
                button('Restore', () => restore(copy, keys)),
                button('Discard', () => discard(copy, others))),
            make('details', {}, make('summary', {}, `What differs (${keys.length})`), list),
        );
        // To those who do not see the top of the page.
        said.textContent = `Text ${moment(copy)} was not saved: it can be restored at the top of this form.`;
    }

    async function discard(copy, others) {
        await dropCopy(copy.id);
        mayOverwrite = true;
        // Not where this page has put its own text in the meantime.
        if (copy.isOnServer && (sentMark === '{}' || copy.form !== formKey)) {
            request('DELETE', `?form=${copy.form}`).catch(() => {});
        }
        said.textContent = '';
        const undo = button('Undo', async () => {
            await keepCopy(copy).catch(() => {});
            show([copy, ...others]);
            offer.querySelector('button').focus();
        });
        say('Discarded. ', undo).focus();
        if (others.length) {
            offer.append(button('More that was not saved', () => show(others)));
        }
    }

    // Putting it back ----------------------------------------------------------------------------------------------

    function addRows(copy) {
        const wanted = {};
        for (const key of Object.keys(copy.fields)) {
            const [, prefix, place] = /^(\w+)\+(\d+)-/.exec(key) || [];
            if (prefix) {
                wanted[prefix] = Math.max(wanted[prefix] || 0, Number(place) + 1);
            }
        }
        for (const [prefix, rows] of Object.entries(wanted)) {
            const fresh = () => [...rowKeys().values()].filter((row) => row.startsWith(`${prefix}+`)).length;
            const link = document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`);
            for (let each = fresh(); link && each < rows; each += 1) {
                link.click();
            }
        }
    }

    function choose(select, values, labels = {}) {
        const options = values.map((value) => (
            [...select.options].find((option) => option.value === value)
            || select.appendChild(new Option(labels[value] || value, value))
        ));
        [...select.options].forEach((option) => { option.selected = options.includes(option); });
        if (select.multiple) {
            // In the order in which they were chosen.
            select.append(...options);
        }
    }

    function fill(key, {values, labels}, known) {
        const controls = controlOf(key);
        if (!controls.length || JSON.stringify(controls.flatMap((each) => valuesOf(each))) === JSON.stringify(values)) {
            return;
        }
        controls.forEach((control, place) => {
            if (control instanceof HTMLSelectElement) {
                choose(control, values, labels);
            } else if (control.type === 'checkbox' || control.type === 'radio') {
                control.checked = values.includes(control.value);
            } else if (control === body && body.known) {
                control.dispatchEvent(new CustomEvent('newsroom:set', {detail: {text: values[0], known}}));
                return;
            } else {
                control.value = values[place] ?? '';
            }
            for (const type of ['input', 'change']) {
                control.dispatchEvent(new Event(type, {bubbles: true}));
            }
        });
    }

    function restore(copy, keys) {
        addRows(copy);
        // The text last: it shows what the rows of related links say. Fields that fill themselves from others after those.
        const later = (key) => (controlOf(key)[0] === body ? 2 : key === 'slug' ? 1 : 0);
        const ordered = [...keys].sort((one, two) => later(one) - later(two));
        ordered.forEach((key) => fill(key, copy.fields[key], copy.known || {}));
        const missing = ordered.filter((key) => controlOf(key).length === 0);
        if (missing.length === 0) {
            adopted.push(copy.id);
        }
        if (!settings.story) {
            formKey = copy.form;
        }
        mayOverwrite = true;
        said.textContent = '';
        const names = (found) => [...new Set(found.map(labelOf))].join(', ');
        const done = ordered.filter((key) => !missing.includes(key));
        say(`Restored: ${names(done)}. Nothing is saved yet.`).focus();
        if (missing.length) {
            offer.append(make('p', {}, `No longer in this form: ${names(missing)}.`), make('dl', {}, ...missing.flatMap((key) => [
                make('dt', {}, labelOf(key)), make('dd', {}, asText(copy.fields[key].values, copy.fields[key].labels)),
            ])));
        }
        tick();
    }

    // The page -----------------------------------------------------------------------------------------------------

    const saved = new Map(settings.saved);

    // What a save has made needless, and what is too old.
    function tidyUp(copies) {
        const gone = copies.filter((copy) => copy.number <= (saved.get(copy.id) ?? -1) || copy.typedAt < Date.now() - KEPT_FOR);
        gone.forEach((copy) => dropCopy(copy.id));
        return copies.filter((copy) => !gone.includes(copy));
    }

    const copiesOfForm = async () => tidyUp(await allCopies())
        .filter((copy) => copy.person === settings.person && copy.story === settings.story);

    async function fromServer(local) {
        const answer = await request('GET', settings.story ? `?story=${settings.story}` : '');
        const {copies, person} = isSignedOut(answer) || !answer.ok ? {copies: []} : await answer.json();
        const found = (person === settings.person ? copies : []).map((each) => ({
            ...each.content, form: each.form, isFromServer: true, isOnServer: true,
        })).filter((copy) => copy.id && copy.fields && copy.number > (saved.get(copy.id) ?? -1));
        // Of one page's copies the later one counts.
        local.forEach((copy) => { copy.isOnServer = found.some((each) => each.id === copy.id); });
        return found.filter((copy) => !local.some((each) => each.id === copy.id && each.number >= copy.number));
    }

    async function begin() {
        let local = [];
        try {
            local = await copiesOfForm();
        } catch {
            showTrouble('browser', 'This browser keeps nothing: save often.');
        }
        takeOverPosted(local);
        let elsewhere = [];
        if (settings.hasCopies) {
            elsewhere = await fromServer(local).catch(() => []);
        }
        const waits = await undecided(local, elsewhere);
        // The server has room for one copy of a form: this browser takes in what it would lose.
        const taken = await Promise.allSettled(waits.filter((copy) => copy.isFromServer).map(keepCopy));
        mayOverwrite = taken.every(({status}) => status === 'fulfilled');
        if (waits.length) {
            show(waits);
        }
    }

    async function undecided(local, elsewhere) {
        const held = await heldLocks();
        const others = local.filter((copy) => !adopted.includes(copy.id)
            && !elsewhere.some((each) => each.id === copy.id));
        const closed = [...others, ...elsewhere].filter((copy) => copy.id !== id && !held.has(`newsroom-copy-${copy.id}`));
        const [had, waiting] = [[], []];
        const stored = read(true);
        closed.forEach((copy) => (differing(copy, stored).length || settings.posted !== null ? waiting : had).push(copy));
        had.forEach((copy) => dropCopy(copy.id));
        return waiting.sort((one, two) => two.typedAt - one.typedAt);
    }

    // The form came back with errors: what it holds is still not saved.
    function takeOverPosted(local) {
        if (settings.posted === null) {
            return;
        }
        const [copyId, , key] = settings.posted.split(':');
        const copy = local.find((each) => each.id === copyId);
        if (copy) {
            Object.entries(copy.fields).forEach(([name, {base}]) => initial.set(name, base));
            adopted.push(copy.id);
        } else {
            initial.forEach((_, name) => initial.set(name, ''));
        }
        if (!settings.story && key) {
            formKey = key;
        }
    }

    form.addEventListener('submit', (event) => {
        tick();
        find('[name=_kept]').value = `${id}:${number}:${formKey}`;
        isLeaving = !event.defaultPrevented;
        // Where nothing came of it, typing goes on here.
        setTimeout(() => { isLeaving = false; }, 30000);
    });
    document.addEventListener('visibilitychange', () => {
        if (document.hidden) {
            // The editor hands over what it holds back for a moment when the form's data are asked for.
            void new FormData(form);
            tick();
        } else {
            sendAfter = 0;
        }
    });
    addEventListener('focus', () => { sendAfter = 0; });
    addEventListener('online', () => { sendAfter = 0; });
    addEventListener('beforeunload', (event) => {
        void new FormData(form);
        tick();
        if (!isLeaving && mark !== sentMark) {
            event.preventDefault();
        }
    });
    document.querySelector('.submit-row')?.append(told);
    holdLock();

    // The lock of a page that was just left may still be held.
    const lookAgain = async () => {
        const waiting = await undecided(await copiesOfForm(), []);
        if (waiting.length && offer.hidden) {
            show(waiting);
        }
    };
    begin().catch(() => {}).then(() => {
        setInterval(() => document.hidden || tick(), WRITE_EVERY);
        setTimeout(() => lookAgain().catch(() => {}).then(() => { box.dataset.looked = ''; }), 1500);
        box.dataset.ready = '';
    });
}
