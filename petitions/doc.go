// Package petitions takes in appeals (信访件), says what each is about, joins what belongs together, sees trends, weighs
// risk and keeps statutory clocks.
//
// An Analyzer runs versioned steps over a Petition, each a function with a value as its result: extract (place, people,
// amounts, dates, who is blamed, what is asked), classify (three levels of a class list, purpose, Article 31 route,
// urgency, signals), join, risk, clock. Every finding carries the sentence that shows it. Matters are weighed, persons
// never.
//
// What words mean is data: data/*.csv and data/*.json are word lists and rules a clerk can edit, and the classifiers are
// trained from labelled petitions when the service starts.
package petitions
