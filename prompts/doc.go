// Package prompts decides what may be sent to a model, kept in a log or written to a store: personal data is replaced
// by placeholders before anything else sees the text.
//
// [Redact] is the only maker of [Redacted], so that raw citizen text cannot compile into a prompt. The [Vault] beside
// it turns placeholders back within the session and is never written anywhere. [Find] tells where the data stands.
//
// Numbers are believed by their checksum first, then by the word before them; names by what introduces them, by
// surname and given name, and by what touches them; addresses from the street or estate down, so that a district can
// still be read from what remains. All word lists are files in words/, which a clerk can edit.
package prompts
