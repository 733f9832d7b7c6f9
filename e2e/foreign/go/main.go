// Checks records and trees of a log with golang.org/x/mod and nothing of this project. Reads a JSON
// question from standard input and writes one answer a line: "ok", or why not.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Vkey    string
	Records []struct {
		Note  string
		Index int64
		Leaf  []byte
		Proof [][]byte
	}
	Trees []struct {
		Old, New string
		Proof    [][]byte
	}
}

func main() {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	verifier, err := note.NewVerifier(asked.Vkey)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	known := note.VerifierList(verifier)
	for _, record := range asked.Records {
		size, root, err := open(record.Note, known)
		if err == nil {
			err = tlog.CheckRecord(hashes(record.Proof), size, root, record.Index, tlog.RecordHash(record.Leaf))
		}
		answer(err)
	}
	for _, tree := range asked.Trees {
		oldSize, oldRoot, err := open(tree.Old, known)
		if err != nil {
			answer(err)
			continue
		}
		size, root, err := open(tree.New, known)
		if err == nil {
			err = tlog.CheckTree(hashes(tree.Proof), size, root, oldSize, oldRoot)
		}
		answer(err)
	}
}

// open verifies a checkpoint and reads it: origin, size and root, a line each.
func open(text string, known note.Verifiers) (int64, tlog.Hash, error) {
	var root tlog.Hash
	opened, err := note.Open([]byte(text), known)
	if err != nil {
		return 0, root, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 3 {
		return 0, root, fmt.Errorf("not a checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, root, err
	}
	hash, err := base64.StdEncoding.DecodeString(lines[2])
	copy(root[:], hash)
	return size, root, err
}

func hashes(proof [][]byte) []tlog.Hash {
	all := make([]tlog.Hash, len(proof))
	for at, hash := range proof {
		copy(all[at][:], hash)
	}
	return all
}

func answer(err error) {
	if err == nil {
		fmt.Println("ok")
	} else {
		fmt.Println(err)
	}
}
