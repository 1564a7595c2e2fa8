package main

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"

	"github.com/amarnathcjd/gogram/telegram"
)

// decode reads answers of every kind, as many as are asked for, and says what is in
// them. gogram's own encoder does not take most of what its decoder gives.
func decode(client *telegram.Client, count int) error {
	for range count {
		got, err := client.MTProto.MakeRequest(&telegram.HelpGetNearestDcParams{})
		if err != nil {
			return fmt.Errorf("decode: %w", err)
		}
		say(map[string]any{"decoded": show(reflect.ValueOf(got))})
	}
	return nil
}

// show is an object as JSON: its constructor's id as "_", its fields by their names
// in small letters, numbers as text and bytes in hexadecimal.
func show(v reflect.Value) any {
	var id string
	if v.IsValid() && v.CanInterface() {
		if x, ok := v.Interface().(interface{ CRC() uint32 }); ok && (v.Kind() != reflect.Pointer || !v.IsNil()) {
			id = fmt.Sprintf("%08x", x.CRC())
		}
	}
	switch v.Kind() {
	case reflect.Invalid:
		return nil
	case reflect.Interface:
		return show(v.Elem())
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		shown := show(v.Elem())
		if m, ok := shown.(map[string]any); ok {
			m["_"] = id
		}
		return shown
	case reflect.Struct:
		m := map[string]any{"_": id}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				m[strings.ToLower(f.Name)] = show(v.Field(i))
			}
		}
		return m
	case reflect.Slice:
		if b, ok := v.Interface().([]byte); ok {
			return hex.EncodeToString(b)
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = show(v.Index(i))
		}
		return list
	case reflect.Uint32:
		if id != "" { // a constructor without fields, or none
			if v.Uint() == 0 {
				return nil
			}
			return map[string]any{"_": id}
		}
		return fmt.Sprint(v.Interface())
	case reflect.Bool:
		return v.Bool()
	case reflect.String:
		return v.String()
	}
	return fmt.Sprint(v.Interface())
}
