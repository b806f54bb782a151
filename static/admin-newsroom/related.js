// Choices about related stories, made without leaving the page: what is typed beside them stays.
'use strict';
{
    const { exchange } = window.newsroomPanels;

    const post = async (button, panel) => {
        const told = await exchange(button, '.desk-related', panel.querySelectorAll('#related_address'), (arrived) => {
            for (const { dataset } of panel.querySelectorAll('details[open]')) {
                arrived.querySelector(`details[data-fold="${dataset.fold}"]`)?.setAttribute('open', '');
            }
        });
        told.focus();
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
