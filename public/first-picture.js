// Whoever had another photo open last, or comes with one, does not see the first sample's picture before it.
try {
  const last = localStorage.getItem('unflat-last-open');
  if ((last !== null && last !== 'sample:still-life') || /^#(shared|automation)/.test(location.hash))
    document.documentElement.classList.add('own-photo');
} catch {
  // No storage: it is a first visit every time.
}
