// Choices about related stories, made without leaving the page: what is typed beside them stays.
'use strict';
{
    const say = (panel, words) => {
        const told = panel.querySelector('.desk-related-told');
        told.textContent = words;
        told.focus();
    };

    const post = async (button, panel) => {
        const values = new FormData();
        values.append('csrfmiddlewaretoken', button.form.elements.csrfmiddlewaretoken.value);
        values.append(button.name, button.value);
        values.append('_related_address', panel.querySelector('#related_address')?.value ?? '');
        button.disabled = true;
        try {
            const headers = { 'X-Requested-With': 'XMLHttpRequest' };
            const answer = await fetch(button.formAction, { method: 'POST', body: values, headers });
            if (!answer.ok || answer.redirected) {
                throw new Error(answer.redirected ? 'You are signed out.' : 'The desk refused it.');
            }
            const arrived = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.desk-related');
            const told = arrived.querySelector('.desk-related-told');
            const words = told.textContent;
            told.textContent = '';
            for (const { dataset } of panel.querySelectorAll('details[open]')) {
                arrived.querySelector(`details[data-fold="${dataset.fold}"]`)?.setAttribute('open', '');
            }
            panel.replaceWith(arrived);
            // Said once it is there, so that screen readers notice.
            setTimeout(() => say(arrived, words), 100);
        } catch (error) {
            button.disabled = false;
            say(panel, `Nothing was changed. ${error.message}`);
        }
    };

    document.addEventListener('click', (event) => {
        const button = event.target.closest('.desk-related button');
        if (button) {
            event.preventDefault();
            post(button, button.closest('.desk-related'));
        }
    });
    document.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' && event.target.matches('#related_address')) {
            event.preventDefault();
            event.target.closest('.desk-related-other').querySelector('button').click();
        }
    });
}
