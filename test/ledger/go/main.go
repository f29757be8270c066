// Makes, with golang.org/x/mod/sumdb/note and tlog, what Plenary's ledger makes itself, and checks what that has made.
//
//	make < request.json            a signed note, hashes, proofs and tiles, as JSON
//	check < artefacts.json         fails where a note, a root, a proof or a tile is not accepted
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A request: the leaf entry of record n is "<prefix><n>".
type request struct {
	Signer  string // private key, as the note package writes it
	Origin  string
	Prefix  string
	Sizes   []int64
	Indexes []int64
}

type tile struct {
	Level  int
	Index  int64
	Width  int
	Hashes string // base64
}

type tree struct {
	Size        int64
	Note        string
	Root        string
	Inclusion   map[string][]string // by leaf index
	Consistency map[string][]string // by smaller size
	Tiles       []tile
}

type artefacts struct {
	VerifierKey string
	Origin      string
	Prefix      string
	Trees       []tree
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: make | check")
	}
	switch os.Args[1] {
	case "make":
		var asked request
		read(&asked)
		write(makeAll(asked))
	case "check":
		var made artefacts
		read(&made)
		checkAll(made)
		fmt.Println("accepted")
	default:
		log.Fatal("usage: make | check")
	}
}

func read(into interface{}) {
	if err := json.NewDecoder(os.Stdin).Decode(into); err != nil {
		log.Fatal(err)
	}
}

func write(value interface{}) {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(value); err != nil {
		log.Fatal(err)
	}
}

// The hashes of a log in memory, in the order in which tlog stores them.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, s[index])
	}
	return hashes, nil
}

func storedFor(prefix string, size int64) stored {
	var hashes stored
	for n := int64(0); n < size; n++ {
		more, err := tlog.StoredHashes(n, []byte(fmt.Sprintf("%s%d", prefix, n)), hashes)
		must(err)
		hashes = append(hashes, more...)
	}
	return hashes
}

func makeAll(asked request) artefacts {
	signer, err := note.NewSigner(asked.Signer)
	must(err)
	made := artefacts{Origin: asked.Origin, Prefix: asked.Prefix, VerifierKey: verifierKey(asked.Signer)}
	for _, size := range asked.Sizes {
		hashes := storedFor(asked.Prefix, size)
		root, err := tlog.TreeHash(size, hashes)
		must(err)
		text := fmt.Sprintf("%s\n%d\n%s\n", asked.Origin, size, root)
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		must(err)
		one := tree{Size: size, Note: string(signed), Root: root.String(), Inclusion: map[string][]string{}, Consistency: map[string][]string{}}
		for _, index := range asked.Indexes {
			if index < size {
				proof, err := tlog.ProveRecord(size, index, hashes)
				must(err)
				one.Inclusion[fmt.Sprint(index)] = texts(proof)
			}
		}
		for _, smaller := range asked.Sizes {
			if smaller <= size {
				proof, err := tlog.ProveTree(size, smaller, hashes)
				must(err)
				one.Consistency[fmt.Sprint(smaller)] = texts(proof)
			}
		}
		for _, each := range widest(tlog.NewTiles(8, 0, size)) {
			data, err := tlog.ReadTileData(each, hashes)
			must(err)
			one.Tiles = append(one.Tiles, tile{each.L, each.N, each.W, base64.StdEncoding.EncodeToString(data)})
		}
		made.Trees = append(made.Trees, one)
	}
	return made
}

func verifierKey(signer string) string {
	parts := strings.SplitN(signer, "+", 5)
	secret, err := base64.StdEncoding.DecodeString(parts[4])
	must(err)
	public := ed25519.NewKeyFromSeed(secret[1:]).Public().(ed25519.PublicKey)
	key, err := note.NewEd25519VerifierKey(parts[2], public)
	must(err)
	return key
}

// Of each tile that a growing tree had, the one that it has in the end.
func widest(tiles []tlog.Tile) []tlog.Tile {
	var kept []tlog.Tile
	for _, each := range tiles {
		last := len(kept) - 1
		if last >= 0 && kept[last].L == each.L && kept[last].N == each.N {
			kept[last] = each
		} else {
			kept = append(kept, each)
		}
	}
	return kept
}

func checkAll(made artefacts) {
	verifier, err := note.NewVerifier(made.VerifierKey)
	must(err)
	roots := map[int64]tlog.Hash{}
	for _, one := range made.Trees {
		opened, err := note.Open([]byte(one.Note), note.VerifierList(verifier))
		must(err)
		lines := strings.Split(opened.Text, "\n")
		if len(lines) != 4 || lines[0] != made.Origin || lines[1] != fmt.Sprint(one.Size) || lines[2] != one.Root {
			log.Fatalf("the note of size %d says something else: %q", one.Size, opened.Text)
		}
		roots[one.Size], err = tlog.ParseHash(one.Root)
		must(err)
	}
	for _, one := range made.Trees {
		root := roots[one.Size]
		for index, proof := range one.Inclusion {
			var n int64
			fmt.Sscan(index, &n)
			leaf := tlog.RecordHash([]byte(fmt.Sprintf("%s%d", made.Prefix, n)))
			must(tlog.CheckRecord(hashesOf(proof), one.Size, root, n, leaf))
		}
		for smaller, proof := range one.Consistency {
			var n int64
			fmt.Sscan(smaller, &n)
			must(tlog.CheckTree(hashesOf(proof), one.Size, root, n, roots[n]))
		}
		checkTiles(one, root, storedFor(made.Prefix, one.Size))
	}
}

// A reader of tiles out of the artefacts: tlog's own reader checks them against the root.
type tileReader struct{ tiles map[tlog.Tile][]byte }

func (r tileReader) Height() int { return 8 }
func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, each := range tiles {
		content, found := r.tiles[each]
		if !found {
			return nil, fmt.Errorf("no tile %v", each)
		}
		data = append(data, content)
	}
	return data, nil
}
func (r tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

// Each tile must be what tlog makes of the same entries, and lead from the leaves to the root through tlog's reader.
// (That reader alone would not do: in version 0.7.0 it leaves some full tiles unchecked.)
func checkTiles(one tree, root tlog.Hash, hashes stored) {
	reader := tileReader{map[tlog.Tile][]byte{}}
	for _, each := range one.Tiles {
		data, err := base64.StdEncoding.DecodeString(each.Hashes)
		must(err)
		expected, err := tlog.ReadTileData(tlog.Tile{H: 8, L: each.Level, N: each.Index, W: each.Width}, hashes)
		must(err)
		if !bytes.Equal(data, expected) {
			log.Fatalf("tile %d/%d of size %d is another", each.Level, each.Index, one.Size)
		}
		reader.tiles[tlog.Tile{H: 8, L: each.Level, N: each.Index, W: each.Width}] = data
	}
	through := tlog.TileHashReader(tlog.Tree{N: one.Size, Hash: root}, reader)
	for n := int64(0); n < one.Size; n++ {
		_, err := through.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
		must(err)
	}
}

func texts(hashes []tlog.Hash) []string {
	texts := []string{}
	for _, hash := range hashes {
		texts = append(texts, hash.String())
	}
	return texts
}

func hashesOf(texts []string) []tlog.Hash {
	var hashes []tlog.Hash
	for _, text := range texts {
		hash, err := tlog.ParseHash(text)
		must(err)
		hashes = append(hashes, hash)
	}
	return hashes
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
